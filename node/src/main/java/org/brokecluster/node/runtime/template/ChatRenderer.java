package org.brokecluster.node.runtime.template;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Renders chats to the text that a model is given, by the model's own chat template. */
@FunctionalInterface
public interface ChatRenderer {
  /**
   * Renders each chat, its generation prompt included, exactly as the server itself would.
   *
   * @param chats bodies of chat requests as the server takes them
   * @return fails with a {@link CannotRender} if that is not possible for these chats, with
   *     anything else if whoever renders is out of reach
   */
  CompletionStage<Rendered> render(List<byte[]> chats);
}
