package org.brokecluster.node.models;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** What a runtime answers, as futures of our own and reasons for people. */
final class RuntimeCalls {
  private static final int REASON_MAX = 200;

  private RuntimeCalls() {}

  /** The answer as a future of our own; failed too where the runtime throws. */
  static <T> CompletableFuture<T> call(Supplier<CompletionStage<T>> call) {
    try {
      return call.get().toCompletableFuture().copy();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Why a call failed, in at most {@value #REASON_MAX} characters. */
  static String reason(Throwable failure) {
    var cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof TimeoutException) {
      return "no answer in time";
    }
    var name = cause.getClass().getSimpleName();
    var message = cause.getMessage() == null ? name : cause.getMessage();
    return message.length() > REASON_MAX ? message.substring(0, REASON_MAX) : message;
  }
}
