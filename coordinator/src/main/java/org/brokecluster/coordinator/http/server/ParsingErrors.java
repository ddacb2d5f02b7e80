package org.brokecluster.coordinator.http.server;

import akka.event.LoggingAdapter;
import akka.http.ParsingErrorHandler;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.scaladsl.model.ErrorInfo;
import akka.http.scaladsl.model.StatusCode;
import akka.http.scaladsl.settings.ServerSettings;
import org.brokecluster.coordinator.http.error.ApiError;

/**
 * Answers what is not HTTP at all, in the same shape as all other errors. Found by name through
 * {@code akka.http.server.parsing.error-handler}, which is why it must be an object in Scala's way.
 */
public final class ParsingErrors extends ParsingErrorHandler {
  /** The name Akka's loader looks for. */
  @SuppressWarnings("ConstantField")
  public static final ParsingErrors MODULE$ = new ParsingErrors();

  private ParsingErrors() {}

  @Override
  public HttpResponse handle(
      StatusCode status, ErrorInfo info, LoggingAdapter log, ServerSettings settings) {
    log.debug("refused a malformed request: {} {}", status.intValue(), info.summary());
    var error = ApiError.client(status.intValue(), "malformed_request", info.summary());
    return HttpResponse.create()
        .withStatus(status.intValue())
        .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, error.json()));
  }
}
