package org.brokecluster.coordinator.whatif;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.brokecluster.coordinator.history.event.NodeOffer;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.state.ModelFacts;
import org.brokecluster.protocol.state.ModelLoad;
import org.brokecluster.shared.hardware.Chip;
import org.brokecluster.shared.hardware.MemoryEstimate;
import org.brokecluster.shared.hardware.ModelSize;
import org.brokecluster.shared.hardware.SpeedEstimate;

/**
 * A machine that is not there: a chip and so much memory. It has every model of the fleet that fits
 * its memory on disk, the largest in memory, as far as they fit together; its speeds are estimates
 * by chip and size, since nothing was measured.
 */
record AddedMachine(NodeId name, Chip chip, long memoryBytes) {
  private static final long GIB = 1L << 30;
  private static final long MEMORY_MAX = 4096;

  /**
   * Reads {@code chip:memory}, such as {@code m4-max:64}.
   *
   * @param number tells several apart
   * @throws IllegalArgumentException saying what is wrong
   */
  static AddedMachine parse(String text, int number) {
    int split = text.lastIndexOf(':');
    var name = split < 0 ? text : text.substring(0, split);
    var chip =
        Chip.parse(name.replace('-', ' ').replace('_', ' '))
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "no such chip: %s; known are %s"
                            .formatted(name, String.join(", ", Chip.knownNames()))));
    try {
      long gib = Long.parseLong(text.substring(split + 1));
      if (split > 0 && gib > 0 && gib <= MEMORY_MAX) {
        var id = "added-" + number + "-" + chip.name().toLowerCase(Locale.ROOT);
        return new AddedMachine(NodeId.of(id.replaceAll("[^a-z0-9-]", "-")), chip, gib * GIB);
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("a machine is CHIP:GIB, such as m4-max:64: " + text, e);
    }
    throw new IllegalArgumentException("a machine is CHIP:GIB, such as m4-max:64: " + text);
  }

  /** What it can do beside a fleet. */
  NodeOffer offer(Collection<NodeOffer> fleet) {
    long free = MemoryEstimate.workingSet(memoryBytes);
    var candidates = new TreeMap<ModelId, ModelFacts>();
    for (var node : fleet) {
      node.models().forEach(model -> candidates.putIfAbsent(model.facts().id(), model.facts()));
    }
    long fits = free;
    var models = new ArrayList<NodeOffer.Model>();
    var largestFirst =
        candidates.values().stream()
            .filter(facts -> facts.parameters() != null && bytes(facts) <= fits)
            .sorted(Comparator.comparingLong(AddedMachine::bytes).reversed())
            .toList();
    for (var facts : largestFirst) {
      boolean loaded = bytes(facts) <= free;
      free -= loaded ? bytes(facts) : 0;
      models.add(new NodeOffer.Model(facts, load(facts, loaded)));
    }
    return new NodeOffer(free, models);
  }

  private ModelLoad load(ModelFacts facts, boolean loaded) {
    long parameters = facts.parameters() == null ? 1 : facts.parameters();
    var size = new ModelSize(parameters, parameters, Math.max(1, bytes(facts)));
    var speed = SpeedEstimate.of(chip, size).speed();
    return new ModelLoad(
        facts.id(), loaded ? ModelState.LOADED : ModelState.DISK, null, null, 0, 0, false, speed);
  }

  private static long bytes(ModelFacts facts) {
    if (facts.residentBytes() != null) {
      return facts.residentBytes();
    }
    return facts.bytes() == null ? 0 : facts.bytes();
  }

  /** The machines of an order. */
  static List<AddedMachine> all(List<String> texts) {
    var machines = new ArrayList<AddedMachine>();
    for (var text : texts) {
      machines.add(parse(text, machines.size() + 1));
    }
    return machines;
  }

  /** Their arrival in a fleet at a moment. */
  FleetChange arrival(long atMs, Map<NodeId, NodeOffer> fleet) {
    return new FleetChange(atMs, name, offer(fleet.values()), false, true);
  }
}
