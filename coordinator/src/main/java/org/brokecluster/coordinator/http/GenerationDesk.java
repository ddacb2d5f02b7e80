package org.brokecluster.coordinator.http;

import akka.http.javadsl.model.HttpResponse;
import java.util.concurrent.CompletionStage;
import org.brokecluster.coordinator.http.openai.ChatCall;

/** Where a valid call for an answer is handed in. */
@FunctionalInterface
public interface GenerationDesk {
  /**
   * Begins to answer a call. Never blocks.
   *
   * @param watch tells when the client hangs up; the desk then completes the response all the same
   * @param over run when the call's body is needed no more, which may be long after its headers
   * @return the response as soon as its headers can be sent: whole, or with a {@link ClientStream};
   *     a failure with an {@code ApiException} becomes that error, any other a 500
   */
  CompletionStage<HttpResponse> open(ChatCall call, ConnectionWatch watch, Runnable over);
}
