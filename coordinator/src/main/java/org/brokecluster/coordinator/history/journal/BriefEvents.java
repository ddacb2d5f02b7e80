package org.brokecluster.coordinator.history.journal;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.brokecluster.coordinator.history.event.Reckoning;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.history.event.RoutingEvent.Cancelled;
import org.brokecluster.coordinator.history.event.RoutingEvent.Completed;
import org.brokecluster.coordinator.history.event.RoutingEvent.Decided;
import org.brokecluster.coordinator.history.event.RoutingEvent.Failed;
import org.brokecluster.coordinator.history.event.RoutingEvent.HandedOver;
import org.brokecluster.coordinator.history.event.RoutingEvent.Queued;
import org.brokecluster.coordinator.history.event.RoutingEvent.Received;
import org.brokecluster.coordinator.history.event.RoutingEvent.Started;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.router.AttemptReport;
import org.brokecluster.protocol.router.Placement;
import org.brokecluster.protocol.router.Promise;
import org.brokecluster.protocol.router.RequestFacts;
import org.jspecify.annotations.Nullable;

/**
 * Reads of the events that a request makes what the fold looks at, and passes over the rest: the
 * candidates of a decision and most of the facts of a request are the larger part of a journal. All
 * other events are few and are read whole. Not thread safe.
 */
final class BriefEvents {
  private final KnownNames<String> words = new KnownNames<>(256, word -> word);
  private final KnownNames<RequestId> requests = new KnownNames<>(4096, RequestId::of);
  private final KnownNames<ModelId> models = new KnownNames<>(256, ModelId::of);
  private final KnownNames<NodeId> nodes = new KnownNames<>(256, NodeId::of);
  private final BriefReports reports = new BriefReports(this);
  private final BriefFacts facts = new BriefFacts();

  /** Reads the event that begins here, up to its end. */
  RoutingEvent read(JsonCursor in) throws IOException {
    int start = in.position();
    in.open('{');
    if (in.field().equals("type")) {
      var brief = read(in, in.text(words));
      if (brief != null) {
        return brief;
      }
    }
    in.back(start);
    return RowReader.whole(in);
  }

  AttemptId attempt(JsonCursor in) throws IOException {
    RequestId request = null;
    int number = 0;
    in.open('{');
    for (var name = in.field(); !name.isEmpty(); name = in.field()) {
      switch (name) {
        case "request" -> request = in.text(requests);
        case "number" -> number = in.small();
        default -> in.skip();
      }
    }
    return new AttemptId(present(request, "request"), number);
  }

  ModelId model(JsonCursor in) throws IOException {
    return in.text(models);
  }

  NodeId node(JsonCursor in) throws IOException {
    return in.text(nodes);
  }

  String word(JsonCursor in) throws IOException {
    return in.text(words);
  }

  static <T> T present(@Nullable T value, String name) throws IOException {
    if (value == null) {
      throw new IOException("an event has no " + name);
    }
    return value;
  }

  /** The rest of an event of a kind that is frequent; null for one that is not. */
  private @Nullable RoutingEvent read(JsonCursor in, String kind) throws IOException {
    return switch (kind) {
      case "received" -> received(in);
      case "decided" -> decided(in);
      case "queued" -> queued(in);
      case "started" -> started(in);
      case "completed", "failed", "cancelled", "handed-over" -> ended(in, kind);
      default -> null;
    };
  }

  private Received received(JsonCursor in) throws IOException {
    long at = 0;
    RequestId request = null;
    RequestFacts known = null;
    for (var name = in.field(); !name.isEmpty(); name = in.field()) {
      switch (name) {
        case "at" -> at = in.integer();
        case "request" -> request = in.text(requests);
        case "facts" -> known = facts.read(in);
        default -> in.skip();
      }
    }
    return new Received(
        Instant.ofEpochMilli(at), present(request, "request"), present(known, "facts"));
  }

  private Decided decided(JsonCursor in) throws IOException {
    long at = 0;
    AttemptId attempt = null;
    Placement placement = null;
    Reckoning reckoning = null;
    for (var name = in.field(); !name.isEmpty(); name = in.field()) {
      switch (name) {
        case "at" -> at = in.integer();
        case "attempt" -> attempt = attempt(in);
        case "placement" -> placement = placement(in);
        case "reckoning" -> reckoning = in.passedNull() ? null : reckoning(in);
        default -> in.skip();
      }
    }
    return new Decided(
        Instant.ofEpochMilli(at),
        present(attempt, "attempt"),
        present(placement, "placement"),
        List.of(),
        Map.of(),
        reckoning,
        null);
  }

  private static Reckoning reckoning(JsonCursor in) throws IOException {
    double quality = 0;
    long firstTokenMs = 0;
    long finishMs = 0;
    in.open('{');
    for (var name = in.field(); !name.isEmpty(); name = in.field()) {
      switch (name) {
        case "quality" -> quality = in.number();
        case "firstTokenMs" -> firstTokenMs = in.integer();
        case "finishMs" -> finishMs = in.integer();
        default -> in.skip();
      }
    }
    return new Reckoning(quality, firstTokenMs, finishMs, null);
  }

  private Placement placement(JsonCursor in) throws IOException {
    ModelId model = null;
    NodeId node = null;
    String strategy = null;
    long firstTokenMs = 0;
    long finishMs = 0;
    long queuedMs = 0;
    Promise promise = null;
    in.open('{');
    for (var name = in.field(); !name.isEmpty(); name = in.field()) {
      switch (name) {
        case "model" -> model = in.text(models);
        case "node" -> node = in.text(nodes);
        case "strategy" -> strategy = in.text(words);
        case "firstTokenMs" -> firstTokenMs = in.integer();
        case "finishMs" -> finishMs = in.integer();
        case "queuedMs" -> queuedMs = in.integer();
        case "promise" -> promise = in.passedNull() ? null : promise(in);
        default -> in.skip();
      }
    }
    return new Placement(
        present(model, "model"),
        present(node, "node"),
        Tier.BASIC,
        present(strategy, "strategy"),
        0,
        "",
        firstTokenMs,
        finishMs,
        queuedMs,
        promise,
        null);
  }

  private static Promise promise(JsonCursor in) throws IOException {
    long firstTokenLow = 0;
    long firstTokenHigh = 0;
    long finishLow = 0;
    long finishHigh = 0;
    in.open('{');
    for (var name = in.field(); !name.isEmpty(); name = in.field()) {
      switch (name) {
        case "firstTokenLowMs" -> firstTokenLow = in.integer();
        case "firstTokenHighMs" -> firstTokenHigh = in.integer();
        case "finishLowMs" -> finishLow = in.integer();
        case "finishHighMs" -> finishHigh = in.integer();
        default -> in.skip();
      }
    }
    return new Promise(firstTokenLow, firstTokenHigh, finishLow, finishHigh);
  }

  private Queued queued(JsonCursor in) throws IOException {
    long at = 0;
    AttemptId attempt = null;
    Long etaMs = null;
    for (var name = in.field(); !name.isEmpty(); name = in.field()) {
      switch (name) {
        case "at" -> at = in.integer();
        case "attempt" -> attempt = attempt(in);
        case "etaMs" -> etaMs = in.passedNull() ? null : Long.valueOf(in.integer());
        default -> in.skip();
      }
    }
    return new Queued(Instant.ofEpochMilli(at), present(attempt, "attempt"), 1, etaMs);
  }

  private Started started(JsonCursor in) throws IOException {
    long at = 0;
    AttemptId attempt = null;
    NodeId node = null;
    for (var name = in.field(); !name.isEmpty(); name = in.field()) {
      switch (name) {
        case "at" -> at = in.integer();
        case "attempt" -> attempt = attempt(in);
        case "node" -> node = in.text(nodes);
        default -> in.skip();
      }
    }
    return new Started(
        Instant.ofEpochMilli(at), present(attempt, "attempt"), present(node, "node"));
  }

  private RoutingEvent ended(JsonCursor in, String kind) throws IOException {
    long millis = 0;
    AttemptReport report = null;
    for (var name = in.field(); !name.isEmpty(); name = in.field()) {
      switch (name) {
        case "at" -> millis = in.integer();
        case "report" -> report = reports.read(in);
        default -> in.skip();
      }
    }
    var at = Instant.ofEpochMilli(millis);
    var how = present(report, "report");
    return switch (kind) {
      case "completed" -> new Completed(at, how);
      case "failed" -> new Failed(at, how);
      case "cancelled" -> new Cancelled(at, how);
      default -> new HandedOver(at, how);
    };
  }
}
