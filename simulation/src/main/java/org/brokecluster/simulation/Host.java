package org.brokecluster.simulation;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.brokecluster.coordinator.request.ReportOutbox;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.RequestId;
import org.jspecify.annotations.Nullable;

/**
 * One process: what outlives its memberships. Requests, reports that wait, models, and the highest
 * term its node has seen.
 */
final class Host {
  private static final long TICK_MS = 250;
  private static final long LATE_MS = 750;
  private static final int REPORTS_MAX = 10_000;

  private final World world;
  private final Machine machine;
  private final Map<ModelId, PlayedModel> models = new LinkedHashMap<>();
  private final Map<RequestId, PlayedRequest> requests = new LinkedHashMap<>();
  private final ReportOutbox outbox = new ReportOutbox(REPORTS_MAX);
  private long termSeen;
  private boolean draining;
  private long tickedMs = -1;
  private @Nullable PlayedEdge edge;
  private @Nullable PlayedNode node;
  private @Nullable Membership latest;

  Host(World world, Machine machine, List<PlayedModel> models) {
    this.world = world;
    this.machine = machine;
    models.forEach(model -> this.models.put(model.facts().id(), model));
    tickLater();
  }

  Machine machine() {
    return machine;
  }

  /** A membership begins. */
  void link(Membership in) {
    latest = in;
    node = new PlayedNode(world, this, in);
    var begun = new PlayedEdge(world, this, in);
    edge = begun;
    world.know(begun);
    List.copyOf(requests.values()).forEach(PlayedRequest::newTerm);
  }

  /** A membership has ended. */
  void unlinked(PlayedEdge ended) {
    if (edge == ended) {
      edge = null;
      List.copyOf(requests.values()).forEach(PlayedRequest::unlinked);
    }
  }

  /** Begins a request. */
  void open(Call call) {
    var request = new PlayedRequest(world, this, call);
    requests.put(call.request(), request);
    world.watch().called(request);
    request.start();
    if (call.hangUpMs() >= 0) {
      machine.after(
          call.hangUpMs(),
          "hang-up of " + call.request(),
          () -> {
            if (request.client().end() == null) {
              request.client().leave(PlayedClient.End.HUNG_UP);
              request.clientGone();
            }
          });
    }
  }

  void ended(PlayedRequest request) {
    requests.remove(request.call().request());
  }

  /** The process is killed: its clients see their connections break. */
  void die() {
    requests.values().forEach(each -> each.client().leave(PlayedClient.End.CUT_OFF));
    models.values().forEach(PlayedModel::forget);
  }

  /** A tick that comes late means that this machine slept or stood still. */
  private void tickLater() {
    machine.after(
        TICK_MS,
        this,
        () -> {
          long now = world.time().nowMs();
          boolean late = tickedMs >= 0 && now - tickedMs > TICK_MS + LATE_MS;
          tickedMs = now;
          List.copyOf(requests.values()).forEach(late ? PlayedRequest::slept : PlayedRequest::tick);
          tickLater();
        });
  }

  @Nullable PlayedRequest request(RequestId id) {
    return requests.get(id);
  }

  Collection<PlayedRequest> requests() {
    return List.copyOf(requests.values());
  }

  ReportOutbox outbox() {
    return outbox;
  }

  @Nullable PlayedModel model(ModelId id) {
    return models.get(id);
  }

  Collection<PlayedModel> models() {
    return models.values();
  }

  @Nullable PlayedEdge edge() {
    return edge;
  }

  @Nullable PlayedNode node() {
    return node;
  }

  /** The membership of now, or the last one. */
  Membership latestMembership() {
    if (latest == null) {
      throw new IllegalStateException(machine + " has never been a member");
    }
    return latest;
  }

  long termSeen() {
    return termSeen;
  }

  void sawTerm(long term) {
    termSeen = Math.max(termSeen, term);
  }

  boolean draining() {
    return draining;
  }

  /** An operator drains the node; what it does should be gone within this time. */
  void drain(Duration within) {
    draining = true;
    if (node != null && node.self().open()) {
      node.leave(within);
    }
  }

  /** The drain is over. */
  void resume() {
    draining = false;
    if (node != null && node.self().open()) {
      node.stay();
    }
  }

  @Override
  public String toString() {
    return "host " + machine;
  }
}
