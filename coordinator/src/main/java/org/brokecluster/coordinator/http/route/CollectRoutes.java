package org.brokecluster.coordinator.http.route;

import akka.NotUsed;
import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.japi.Pair;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import akka.util.ByteStringBuilder;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.brokecluster.coordinator.collect.PackedText;
import org.brokecluster.coordinator.http.CollectDesk;
import org.brokecluster.coordinator.http.error.ApiError;
import org.brokecluster.coordinator.http.error.ApiException;
import org.brokecluster.protocol.history.ContentFilter;
import org.brokecluster.protocol.history.ContentProtocol;
import org.jspecify.annotations.Nullable;

/** Kept prompts and answers: out as a data set, in from one, and away. */
final class CollectRoutes {
  private static final String PATH = "/api/collect";
  private static final ContentType LINES = ContentTypes.parse("application/x-ndjson");
  private static final int STREAM_PAGE = 50;

  private final CollectDesk desk;
  private final CallReading reading;

  CollectRoutes(CollectDesk desk, CallReading reading) {
    this.desk = desk;
    this.reading = reading;
  }

  void addTo(RouteTable table) {
    table.add("GET", PATH, this::texts);
    table.add("POST", PATH, exchange -> reading.object(exchange, this::take));
    table.add("DELETE", PATH, this::erase);
    table.add("GET", PATH + "/summary", exchange -> desk.state().thenApply(Responses::document));
    table.add("DELETE", PATH + "/{id}", exchange -> eraseOne(exchange.parameter("id")));
  }

  private CompletionStage<HttpResponse> texts(Exchange exchange) {
    var asked = new CollectQuestion(exchange);
    var filter = asked.filter();
    if (asked.lines()) {
      return Responses.done(export(filter));
    }
    return desk.texts(filter, asked.limit(), asked.before(), asked.countOnly())
        .thenApply(page -> Responses.document(written(page).toString()));
  }

  /** Every text that matches, a line each, page after page as fast as the client reads. */
  private HttpResponse export(ContentFilter filter) {
    Source<ByteString, NotUsed> pages =
        Source.unfoldAsync(Optional.of(""), place -> next(place, filter));
    return HttpResponse.create()
        .withEntity(HttpEntities.createChunked(LINES, pages.filter(bytes -> !bytes.isEmpty())));
  }

  /**
   * The next page.
   *
   * @param place cursor; empty text for the first page, nothing behind the last
   */
  private CompletionStage<Optional<Pair<Optional<String>, ByteString>>> next(
      Optional<String> place, ContentFilter filter) {
    if (place.isEmpty()) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    var before = place.filter(cursor -> !cursor.isEmpty()).orElse(null);
    return desk.texts(filter, STREAM_PAGE, before, false)
        .thenApply(page -> Optional.of(Pair.create(Optional.ofNullable(page.next()), lines(page))));
  }

  private static ByteString lines(ContentProtocol.Page page) {
    var lines = new ByteStringBuilder();
    for (var problem : page.problems()) {
      lines.append(ByteString.fromString(unpacked(problem) + "\n", StandardCharsets.UTF_8));
    }
    return lines.result();
  }

  private static ObjectNode written(ContentProtocol.Page page) {
    var json = JsonNodeFactory.instance.objectNode();
    var items = json.putArray("items");
    page.problems().forEach(problem -> items.add(unpacked(problem)));
    json.put("texts", page.texts());
    var redactions = json.putObject("redactions");
    page.redactions().forEach(redactions::put);
    json.put("unreadable", page.unreadable());
    return json.put("next", page.next());
  }

  private static ObjectNode unpacked(byte[] problem) {
    try {
      return PackedText.unpack(problem);
    } catch (IOException e) {
      throw new IllegalStateException("the coordinator answered with something that is no text", e);
    }
  }

  private CompletionStage<HttpResponse> take(ObjectNode body) {
    var order = ImportBody.read(body, Instant.now());
    if (order.dryRun()) {
      return Responses.done(Responses.document(order.report(0, 0).toString()));
    }
    return keep(order.texts(), 0, 0)
        .thenApply(
            kept -> Responses.document(order.report(kept.stored(), kept.known()).toString()));
  }

  /** One message after the other, none larger than it may be. */
  private CompletionStage<ContentProtocol.Kept> keep(
      List<ContentProtocol.Text> texts, int stored, int known) {
    if (texts.isEmpty()) {
      return CompletableFuture.completedStage(new ContentProtocol.Kept(stored, known, null, false));
    }
    int count = 1;
    int bytes = texts.get(0).packed().length;
    while (count < texts.size()
        && bytes + texts.get(count).packed().length <= ContentProtocol.PACKED_MAX) {
      bytes += texts.get(count++).packed().length;
    }
    var later = texts.subList(count, texts.size());
    return desk.keep(List.copyOf(texts.subList(0, count)))
        .thenCompose(
            kept -> {
              refuse(kept);
              return keep(later, stored + kept.stored(), known + kept.known());
            });
  }

  private static void refuse(ContentProtocol.Kept kept) {
    var refusal = kept.refusal();
    if (refusal != null) {
      throw new ApiException(
          kept.again()
              ? ApiError.server(503, "history_unavailable", refusal).retryAfter(1_000)
              : ApiError.client(409, "content_off", refusal));
    }
  }

  private CompletionStage<HttpResponse> erase(Exchange exchange) {
    return erased(null, new CollectQuestion(exchange).erasedBefore());
  }

  private CompletionStage<HttpResponse> eraseOne(String id) {
    return erased(id, null);
  }

  private CompletionStage<HttpResponse> erased(@Nullable String id, @Nullable Long before) {
    return desk.erase(id, before).thenApply(Responses::document);
  }
}
