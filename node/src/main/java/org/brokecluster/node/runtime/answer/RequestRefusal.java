package org.brokecluster.node.runtime.answer;

import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.jspecify.annotations.Nullable;

/** A request that is not sent to a runtime, because of what is in it. */
public final class RequestRefusal extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int BAD_REQUEST = 400;

  private final transient AttemptFailure failure;

  private RequestRefusal(AttemptFailure failure) {
    super(failure.message());
    this.failure = failure;
  }

  /** A value is wrong: no runtime would take it. */
  public static RequestRefusal invalid(@Nullable String param, String code, String message) {
    return new RequestRefusal(
        new AttemptFailure(Kind.BAD_REQUEST, BAD_REQUEST, code, message, param, null));
  }

  /** The body is not what it should be at all. */
  public static RequestRefusal malformed(String message) {
    return invalid(null, "invalid_body", message);
  }

  /**
   * The runtime would ignore an option, or break over it.
   *
   * @param runtime name of the runtime for people
   */
  public static RequestRefusal unsupported(String param, String runtime) {
    return new RequestRefusal(
        new AttemptFailure(
            Kind.UNSUPPORTED,
            BAD_REQUEST,
            "unsupported_by_runtime",
            "%s does not honour %s: leave it out, or ask a model on another runtime"
                .formatted(runtime, param),
            param,
            null));
  }

  /** The prompt is longer than the model's context. */
  public static RequestRefusal tooLong(String message) {
    return new RequestRefusal(
        new AttemptFailure(
            Kind.CONTEXT_LENGTH,
            BAD_REQUEST,
            "context_length_exceeded",
            message,
            "messages",
            null));
  }

  /** The runtime no longer has the model. */
  public static RequestRefusal gone(ModelId model) {
    return new RequestRefusal(
        AttemptFailure.of(
            Kind.RUNTIME_ERROR, "model_gone", "the runtime no longer lists the model " + model));
  }

  /** What the attempt ends with. */
  public AttemptFailure failure() {
    return failure;
  }
}
