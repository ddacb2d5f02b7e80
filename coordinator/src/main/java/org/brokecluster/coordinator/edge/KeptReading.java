package org.brokecluster.coordinator.edge;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.model.headers.RawHeader;
import akka.japi.Pair;
import akka.japi.pf.PFBuilder;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.brokecluster.coordinator.http.ConnectionWatch;
import org.brokecluster.coordinator.http.error.ApiError;
import org.brokecluster.coordinator.http.error.ApiException;
import org.brokecluster.coordinator.http.error.ErrorStatus;
import org.brokecluster.coordinator.http.json.JsonBytes;
import org.brokecluster.protocol.edge.KeptProtocol.Head;
import org.brokecluster.protocol.edge.KeptProtocol.Part;
import org.brokecluster.protocol.id.RequestId;

/** Turns the parts of a kept answer into a response. */
final class KeptReading {
  private static final String EVENTS = "text/event-stream";
  private static final ByteString COMMENT = ByteString.fromString(": keep-alive\n\n");

  /** Where parts come from. */
  @FunctionalInterface
  interface Parts {
    /** What follows the piece with this number, perhaps nothing yet. */
    CompletionStage<Part> after(long number);
  }

  private record Cursor(long last, boolean end) {}

  private final RequestId request;
  private final Parts parts;
  private final Duration silence;

  /**
   * Reads one answer.
   *
   * @param silence pause after which a stream gets a comment line
   */
  KeptReading(RequestId request, Parts parts, Duration silence) {
    this.request = request;
    this.parts = parts;
    this.silence = silence;
  }

  /** The response as soon as it is known how it begins. */
  CompletionStage<HttpResponse> response(long after, ConnectionWatch watch) {
    return parts
        .after(after)
        .thenCompose(
            part -> {
              var head = part.head();
              if (head != null) {
                return CompletableFuture.completedFuture(response(head, part));
              }
              if (watch.gone()) {
                return CompletableFuture.failedFuture(new ApiException(ApiError.CLIENT_GONE));
              }
              return response(part.last(), watch);
            });
  }

  private HttpResponse response(Head head, Part first) {
    boolean events = head.contentType().startsWith(EVENTS);
    var rest =
        Source.unfoldAsync(
            new Cursor(first.last(), first.end()),
            cursor ->
                cursor.end()
                    ? CompletableFuture.completedFuture(Optional.empty())
                    : parts.after(cursor.last()).thenApply(KeptReading::step));
    var bytes = Source.single(ByteString.fromArrayUnsafe(first.bytes())).concat(rest);
    var body = bytes.filter(part -> !part.isEmpty());
    var response = HttpResponse.create().withStatus(StatusCodes.get(head.status()));
    for (int i = 0; i + 1 < head.headers().size(); i += 2) {
      response =
          response.addHeader(RawHeader.create(head.headers().get(i), head.headers().get(i + 1)));
    }
    var type = ContentTypes.parse(head.contentType());
    return response.withEntity(
        HttpEntities.createChunked(
            type,
            events
                ? body.recover(
                        new PFBuilder<Throwable, ByteString>().matchAny(this::broken).build())
                    .keepAlive(silence, () -> COMMENT)
                : body));
  }

  private static Optional<Pair<Cursor, ByteString>> step(Part part) {
    return Optional.of(
        Pair.create(new Cursor(part.last(), part.end()), ByteString.fromArrayUnsafe(part.bytes())));
  }

  /** The last event of a stream that cannot go on: an error, and nothing that ends an answer. */
  private ByteString broken(Throwable failure) {
    var out = new JsonBytes(256).raw("data: ");
    ErrorStatus.of(failure, request.value()).write(out);
    return ByteString.fromString(
        new String(out.raw("\n\n").toBytes(), StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
