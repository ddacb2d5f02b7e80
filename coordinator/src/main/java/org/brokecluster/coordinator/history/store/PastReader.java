package org.brokecluster.coordinator.history.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.brokecluster.coordinator.history.fold.RoutingState;
import org.brokecluster.coordinator.history.journal.EventBatch;
import org.brokecluster.coordinator.history.journal.HistoryId;
import org.brokecluster.coordinator.history.journal.RawRow;
import org.jspecify.annotations.Nullable;

/**
 * What the router knew at a past moment: the fold of the events up to then, from the last state
 * that was stored before. Blocks.
 */
final class PastReader {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Instant at;
  private RoutingState state = new RoutingState();
  private boolean complete = true;
  private boolean passed;

  private PastReader(Instant at) {
    this.at = at;
  }

  /** The document, or nothing if no event is so old. */
  static Optional<ObjectNode> at(Connection connection, Instant at) throws SQLException {
    for (var reign : reigns(connection, at)) {
      var reader = new PastReader(at);
      for (var extent : reign) {
        if (!reader.passed) {
          JournalReader.read(connection, extent.id(), 1, extent.last(), reader::row);
        }
      }
      if (reader.state.number() > 0) {
        return Optional.of(reader.document(reign.get(0).id()));
      }
    }
    return Optional.empty();
  }

  /** Days of each reign up to the moment, the latest reign first. */
  private static List<List<JournalReader.Extent>> reigns(Connection connection, Instant at)
      throws SQLException {
    var today = LocalDate.ofInstant(at, ZoneOffset.UTC);
    var reigns = new ArrayList<List<JournalReader.Extent>>();
    JournalReader.Extent before = null;
    for (var extent : JournalReader.extents(connection)) {
      if (extent.id().day().isAfter(today)) {
        continue;
      }
      if (before == null || !before.id().sameTerm(extent.id())) {
        reigns.add(new ArrayList<>());
      }
      reigns.get(reigns.size() - 1).add(extent);
      before = extent;
    }
    reigns.sort(
        Comparator.comparing((List<JournalReader.Extent> reign) -> last(reign).day())
            .thenComparing(reign -> last(reign).term())
            .reversed());
    return reigns;
  }

  private static HistoryId last(List<JournalReader.Extent> reign) {
    return reign.get(reign.size() - 1).id();
  }

  private boolean row(RawRow raw) throws SQLException {
    var batch = JournalReader.batch(raw);
    adopt(batch);
    long number = batch.firstNumber();
    for (var event : batch.events()) {
      if (event.event().at().isAfter(at)) {
        passed = true;
        return false;
      }
      state.apply(number++, event.event());
    }
    return true;
  }

  private void adopt(EventBatch batch) {
    if (batch.events().isEmpty() || batch.events().get(0).event().at().isAfter(at)) {
      return;
    }
    if (batch.base() != null && RoutingState.canRead(batch.base())) {
      state = RoutingState.fromJson(batch.base());
      complete = true;
    } else if (batch.gap() != null || batch.firstNumber() > state.number() + 1) {
      complete = false;
    }
  }

  private ObjectNode document(HistoryId reign) throws SQLException {
    var json = parsed(state.json());
    var document = MAPPER.createObjectNode();
    document.put("at", at.toString());
    document.put("lastEventAt", Instant.ofEpochMilli(json.path("at").asLong()).toString());
    document.put("event", state.number());
    document.put("complete", complete);
    document.put("term", reign.term());
    document.put("coordinator", reign.coordinator().value());
    document.put("strategy", state.strategy());
    document.set("members", json.path("members"));
    var waiting = document.putArray("waiting");
    var running = document.putArray("running");
    for (var request : json.path("open")) {
      boolean placed = !request.path("node").asText().isEmpty();
      (placed ? running : waiting).add(open(request));
    }
    document.set("models", loads(running));
    document.set("leftAlone", leftAlone());
    document.set("moves", moves());
    return document;
  }

  /** Models on nodes that were given no requests because they had failed in a row. */
  private ArrayNode leftAlone() {
    var leftAlone = MAPPER.createArrayNode();
    for (var place : state.leftAlone(at.toEpochMilli())) {
      var json = leftAlone.addObject();
      json.put("model", place.model().value());
      json.put("node", place.node().value());
      json.put("failures", place.failures());
      json.put("failedAt", Instant.ofEpochMilli(place.failedMs()).toString());
      json.put("until", Instant.ofEpochMilli(place.probeFromMs()).toString());
    }
    return leftAlone;
  }

  /** What the plan had had loaded and unloaded, latest first. */
  private ArrayNode moves() {
    var moves = MAPPER.createArrayNode();
    for (var move : state.moves()) {
      var json = moves.insertObject(0);
      json.put("at", move.at().toString());
      json.put("what", move.load() ? "load" : "unload");
      json.put("model", move.model().value());
      json.put("node", move.node().value());
      var evicts = json.putArray("evicts");
      move.evicts().forEach(gone -> evicts.add(gone.value()));
      json.put("gainSeconds", move.gainMs() / 1000.0);
      json.put("lossSeconds", move.lossMs() / 1000.0);
      json.put("why", move.why());
    }
    return moves;
  }

  private static ObjectNode open(JsonNode request) {
    var open = MAPPER.createObjectNode();
    open.put("request", request.path("request").asText());
    open.put("since", Instant.ofEpochMilli(request.path("at").asLong()).toString());
    open.put("state", request.path("state").asText());
    open.put("attempt", request.path("attempt").asInt());
    for (var name : List.of("model", "node", "strategy")) {
      open.put(name, textOrNull(request.path(name).asText()));
    }
    return open;
  }

  /** How many requests each model had, by node. */
  private static ObjectNode loads(ArrayNode running) {
    var loads = MAPPER.createObjectNode();
    for (var request : running) {
      var byNode = loads.withObjectProperty(request.path("model").asText());
      var node = request.path("node").asText();
      byNode.put(node, byNode.path(node).asInt() + 1);
    }
    return loads;
  }

  private static @Nullable String textOrNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private static JsonNode parsed(String json) throws SQLException {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new SQLException("a state of the history cannot be read", e);
    }
  }
}
