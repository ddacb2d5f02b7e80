package org.brokecluster.coordinator.http.server;

import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import java.util.concurrent.CompletionStage;
import org.brokecluster.coordinator.http.ConnectionWatch;

/** Answers every request of every connection. Never blocks; a failure closes the connection. */
@FunctionalInterface
public interface RequestHandler {
  /** The response to a request; its entity must be read or discarded. */
  CompletionStage<HttpResponse> handle(HttpRequest request, ConnectionWatch watch);
}
