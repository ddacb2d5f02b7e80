package org.brokecluster.coordinator.http.route;

import akka.NotUsed;
import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.japi.Pair;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.brokecluster.coordinator.http.HistoryDesk;
import org.brokecluster.coordinator.http.json.JsonBytes;
import org.brokecluster.protocol.history.HistoryFilter;
import org.brokecluster.protocol.history.HistoryProtocol;
import org.jspecify.annotations.Nullable;

/** The history: pages, exports, figures, the past, and what would have been. */
final class HistoryRoutes {
  private static final ContentType CSV = ContentTypes.parse("text/csv; charset=UTF-8");
  private static final ContentType LINES = ContentTypes.parse("application/x-ndjson");

  private final HistoryDesk desk;
  private final CallReading reading;

  HistoryRoutes(HistoryDesk desk, CallReading reading) {
    this.desk = desk;
    this.reading = reading;
  }

  void addTo(RouteTable table) {
    table.add("GET", "/api/history", this::requests);
    table.add("GET", "/api/history/summary", this::summary);
    table.add("GET", "/api/history/backup", exchange -> backup(exchange));
    table.add("DELETE", "/api/history/users/{name}", this::forget);
    table.add("GET", "/api/cluster/at", this::past);
    table.add("GET", "/api/replay", exchange -> verify());
    table.add("POST", "/api/replay", exchange -> reading.object(exchange, this::replay));
  }

  private CompletionStage<HttpResponse> requests(Exchange exchange) {
    var asked = new HistoryQuestion(exchange);
    var filter = asked.filter();
    var format = asked.format();
    return switch (format) {
      case JSON ->
          desk.requests(asked.limit(), asked.before(), filter)
              .thenApply(page -> Responses.json(200, written(page)));
      case JSONL -> Responses.done(export(LINES, "", filter, items -> lines(items)));
      case USAGE -> Responses.done(export(LINES, "", filter, UsageLines::of));
      case CSV -> Responses.done(export(CSV, RequestCsv.HEADER, filter, RequestCsv::rows));
    };
  }

  private interface Rendering {
    String of(HistoryProtocol.Page page);
  }

  /** Every request that matches, newest first, page after page as fast as the client reads. */
  private HttpResponse export(
      ContentType type, String header, HistoryFilter filter, Rendering rendering) {
    Source<ByteString, NotUsed> pages =
        Source.unfoldAsync(Place.START, place -> next(place, filter))
            .map(page -> ByteString.fromString(rendering.of(page)));
    var all = header.isEmpty() ? pages : Source.single(ByteString.fromString(header)).concat(pages);
    return HttpResponse.create()
        .withEntity(HttpEntities.createChunked(type, all.filter(bytes -> !bytes.isEmpty())));
  }

  /**
   * Where an export stands.
   *
   * @param before cursor of the next page
   */
  private record Place(@Nullable String before, boolean over) {
    static final Place START = new Place(null, false);
  }

  private CompletionStage<Optional<Pair<Place, HistoryProtocol.Page>>> next(
      Place place, HistoryFilter filter) {
    if (place.over()) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    return desk.requests(HistoryQuestion.PAGE_MAX, place.before(), filter)
        .thenApply(
            page -> Optional.of(Pair.create(new Place(page.next(), page.next() == null), page)));
  }

  private static String lines(HistoryProtocol.Page page) {
    return page.items().isEmpty() ? "" : String.join("\n", page.items()) + "\n";
  }

  /** The whole history, piece after piece; an error before the first is an answer of its own. */
  private CompletionStage<HttpResponse> backup(Exchange exchange) {
    return desk.backup(null, new HistoryQuestion(exchange).texts())
        .thenApply(
            first ->
                HttpResponse.create()
                    .withEntity(
                        HttpEntities.createChunked(
                            LINES,
                            Source.single(first)
                                .concat(
                                    Source.unfoldAsync(
                                        first.next() == null ? "" : first.next(), this::piece))
                                .map(page -> ByteString.fromString(text(page)))
                                .filter(bytes -> !bytes.isEmpty()))));
  }

  private CompletionStage<Optional<Pair<String, HistoryProtocol.Page>>> piece(String cursor) {
    return cursor.isEmpty()
        ? CompletableFuture.completedStage(Optional.empty())
        : desk.backup(cursor, false)
            .thenApply(
                page -> Optional.of(Pair.create(page.next() == null ? "" : page.next(), page)));
  }

  private static String text(HistoryProtocol.Page page) {
    return String.join("", page.items());
  }

  private CompletionStage<HttpResponse> summary(Exchange exchange) {
    var asked = new HistoryQuestion(exchange);
    return desk.summary(asked.filter(), asked.by(), asked.attempts())
        .thenApply(Responses::document);
  }

  private CompletionStage<HttpResponse> forget(Exchange exchange) {
    return desk.forget(exchange.parameter("name")).thenApply(Responses::document);
  }

  private CompletionStage<HttpResponse> past(Exchange exchange) {
    return desk.past(new HistoryQuestion(exchange).time())
        .thenApply(json -> Responses.document(json, "nothing is recorded of that time"));
  }

  private CompletionStage<HttpResponse> verify() {
    return desk.verify().thenApply(Responses::document);
  }

  private CompletionStage<HttpResponse> replay(ObjectNode body) {
    return body.isEmpty()
        ? verify()
        : desk.suppose(SupposeBody.read(body)).thenApply(Responses::document);
  }

  private static byte[] written(HistoryProtocol.Page page) {
    var out = new JsonBytes(4096).raw("{\"items\":[");
    for (int i = 0; i < page.items().size(); i++) {
      out.raw(i == 0 ? "" : ",").json(page.items().get(i));
    }
    return out.raw("],\"next\":").string(page.next()).raw("}").toBytes();
  }
}
