package org.brokecluster.coordinator.whatif;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.brokecluster.coordinator.history.event.NodeOffer;
import org.brokecluster.coordinator.routing.state.Echo;
import org.brokecluster.coordinator.routing.state.HostedModel;
import org.brokecluster.coordinator.routing.state.NodeState;
import org.brokecluster.coordinator.routing.state.Reach;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Speed;
import org.brokecluster.protocol.state.ModelLoad;

/**
 * A node of a replay: which models it has in memory, and when one that is loaded will be. Makes
 * room by unloading what was used longest ago and is not at work. Not thread safe.
 */
final class StageNode {
  private final NodeId name;
  private final Map<ModelId, NodeOffer.Model> models = new TreeMap<>();
  private final Map<ModelId, ModelState> states = new HashMap<>();
  private final Map<ModelId, Long> readyAt = new HashMap<>();
  private final Map<ModelId, Long> usedAt = new HashMap<>();
  private long freeBytes;
  private boolean draining;
  private boolean heard;
  private long reports;

  StageNode(FleetChange first) {
    this.name = first.node();
    changed(first);
  }

  /** The recorded node has changed: its stand, and models it did not have before. */
  void changed(FleetChange change) {
    draining = change.draining();
    heard = change.heard();
    var offer = change.offer();
    if (offer == null) {
      return;
    }
    if (models.isEmpty()) {
      freeBytes = offer.memoryFreeBytes();
    }
    for (var model : offer.models()) {
      var id = model.facts().id();
      if (!models.containsKey(id)) {
        var state = model.load().state();
        states.put(id, state == ModelState.LOADING ? ModelState.LOADED : state);
      }
      models.put(id, model);
    }
  }

  /** Name by which its speeds were measured. */
  String likeness() {
    return name.value();
  }

  Speed speed(ModelId model) {
    return offered(model).load().speed();
  }

  int slots(ModelId model) {
    return offered(model).facts().slots();
  }

  /**
   * When the model is in memory; a load begins if it is not.
   *
   * @param busy models that may not be unloaded
   */
  long ready(ModelId model, long now, Set<String> busy) {
    usedAt.put(model, now);
    var state = states.get(model);
    if (state == ModelState.LOADED) {
      return now;
    }
    if (state == ModelState.LOADING) {
      return readyAt.getOrDefault(model, now);
    }
    makeRoom(model, busy);
    long at = now + Math.round(speed(model).loadSeconds() * 1000);
    states.put(model, ModelState.LOADING);
    readyAt.put(model, at);
    return at;
  }

  /** Time has passed. */
  void tick(long now) {
    readyAt
        .entrySet()
        .removeIf(
            entry -> {
              boolean done = entry.getValue() <= now;
              if (done) {
                states.put(entry.getKey(), ModelState.LOADED);
              }
              return done;
            });
  }

  /** As the router's core sees it. */
  NodeState state() {
    List<HostedModel> hosted = models.values().stream().map(this::hosted).toList();
    return new NodeState(
        name,
        1,
        heard ? Reach.UP : Reach.UNREACHABLE,
        draining ? NodeState.DRAINED : null,
        new Echo(++reports, 0, 0, List.of()),
        Math.max(0, freeBytes),
        0,
        hosted);
  }

  private HostedModel hosted(NodeOffer.Model model) {
    var load = model.load();
    var id = model.facts().id();
    return new HostedModel(
        model.facts(),
        new ModelLoad(
            id,
            states.getOrDefault(id, load.state()),
            null,
            load.reason(),
            0,
            0,
            load.pinned(),
            load.speed()));
  }

  private void makeRoom(ModelId model, Set<String> busy) {
    long needed = bytes(model);
    while (freeBytes < needed) {
      var victim =
          models.keySet().stream()
              .filter(each -> states.get(each) == ModelState.LOADED)
              .filter(each -> !busy.contains(each.value()) && !offered(each).load().pinned())
              .min((a, b) -> Long.compare(usedAt.getOrDefault(a, 0L), usedAt.getOrDefault(b, 0L)));
      if (victim.isEmpty()) {
        break;
      }
      states.put(victim.get(), ModelState.DISK);
      freeBytes += bytes(victim.get());
    }
    freeBytes -= needed;
  }

  private long bytes(ModelId model) {
    var facts = offered(model).facts();
    if (facts.residentBytes() != null) {
      return facts.residentBytes();
    }
    return facts.bytes() == null ? 0 : facts.bytes();
  }

  private NodeOffer.Model offered(ModelId model) {
    var offered = models.get(model);
    if (offered == null) {
      throw new IllegalStateException("no such model on " + name + ": " + model);
    }
    return offered;
  }
}
