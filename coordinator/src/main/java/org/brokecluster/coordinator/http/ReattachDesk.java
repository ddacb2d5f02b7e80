package org.brokecluster.coordinator.http;

import akka.http.javadsl.model.HttpResponse;
import java.util.concurrent.CompletionStage;
import org.brokecluster.protocol.id.RequestId;

/** Where a client asks for an answer it has lost the connection to. */
@FunctionalInterface
public interface ReattachDesk {
  /**
   * Goes on with an answer that is made or kept somewhere in the cluster. Never blocks.
   *
   * @param after number of the last event the client has, 0 for none
   * @param owner proof that the client may have it, made for this request
   * @param watch tells when the client hangs up
   * @return the rest of a stream, or the whole of an answer that is not streamed, as soon as it is
   *     there; fails with an {@code ApiException} if there is nothing to go on with
   */
  CompletionStage<HttpResponse> reattach(
      RequestId request, long after, String owner, ConnectionWatch watch);
}
