package org.brokecluster.node.runtime.template;

import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.AttemptFailure.Kind;

/**
 * An answer cannot go on as a text completion, because it is not sure which text the model was
 * given. Another way may work. The message is free of the chat's text.
 */
public final class CannotRender extends Exception {
  private static final long serialVersionUID = 1L;

  /** Not sure, for this reason. */
  public CannotRender(String why) {
    super(why);
  }

  /** What the attempt ends with. */
  public AttemptFailure failure() {
    return AttemptFailure.of(
        Kind.UNSUPPORTED,
        "template_not_rendered",
        "the answer cannot go on as a text completion: " + getMessage());
  }
}
