package org.brokecluster.coordinator.http.route;

import akka.http.javadsl.model.HttpResponse;
import java.util.concurrent.CompletionStage;

/** Answers one method of one path. May throw an {@code ApiException}. */
@FunctionalInterface
interface Endpoint {
  /** The response, or a failure that becomes an error response. */
  CompletionStage<HttpResponse> answer(Exchange exchange);
}
