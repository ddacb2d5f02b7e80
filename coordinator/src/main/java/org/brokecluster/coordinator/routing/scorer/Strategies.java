package org.brokecluster.coordinator.routing.scorer;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.brokecluster.shared.plugin.Plugins;

/** Every strategy that can be chosen, by name. */
public final class Strategies {
  private static final Strategy BALANCED =
      new WeightedStrategy("balanced", new Weights(0.50, 0.40, 0.05, 0.05));

  private final Map<String, Strategy> byName;

  private Strategies(Map<String, Strategy> byName) {
    this.byName = byName;
  }

  /**
   * The built-in strategies, then those on the class path, then the configured mixes; a later one
   * replaces an earlier one of the same name.
   */
  public static Strategies of(Map<String, Weights> configured, Iterable<Strategy> plugins) {
    var all = new TreeMap<String, Strategy>();
    for (var strategy : builtIn()) {
      all.put(strategy.name(), strategy);
    }
    for (var strategy : plugins) {
      all.put(strategy.name(), new GuardedStrategy(strategy, BALANCED));
    }
    configured.forEach((name, weights) -> all.put(name, new WeightedStrategy(name, weights)));
    return new Strategies(all);
  }

  /** Strategies other jars bring along. */
  public static Iterable<Strategy> plugins() {
    return Plugins.of(Strategy.class);
  }

  /**
   * The strategy with this name; {@code balanced:0} to {@code balanced:1} exist without being named
   * anywhere.
   */
  public Optional<Strategy> find(String name) {
    var known = byName.get(name);
    return known != null ? Optional.of(known) : Knob.find(name);
  }

  /** All names, sorted. */
  public List<String> names() {
    return List.copyOf(byName.keySet());
  }

  /**
   * Built-in strategies that weigh the same figures otherwise, the nearest first: those of the one
   * knob for one that stands on it. None for a strategy that does not weigh.
   */
  public static List<Strategy> others(Strategy than) {
    if (!(than instanceof WeightedStrategy)) {
      return List.of();
    }
    var onKnob = Knob.others(than.name());
    return onKnob.isEmpty()
        ? builtIn().stream()
            .filter(each -> each instanceof WeightedStrategy && !each.name().equals(than.name()))
            .toList()
        : onKnob;
  }

  private static List<Strategy> builtIn() {
    return List.of(
        new WeightedStrategy("quality-first", new Weights(0.80, 0.15, 0.00, 0.05)),
        new WeightedStrategy("cost-optimized", new Weights(0.45, 0.10, 0.45, 0.00)),
        new WeightedStrategy("speed-priority", new Weights(0.15, 0.80, 0.00, 0.05)),
        BALANCED,
        new WeightedStrategy("least-loaded", new Weights(0.30, 0.10, 0.00, 0.60)),
        new RoundRobinStrategy());
  }
}
