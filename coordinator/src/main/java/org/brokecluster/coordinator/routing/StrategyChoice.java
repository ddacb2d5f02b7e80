package org.brokecluster.coordinator.routing;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.routing.scorer.Strategies;
import org.brokecluster.coordinator.routing.scorer.Strategy;

/** Which strategy is in force for requests that name none. */
final class StrategyChoice {
  private StrategyChoice() {}

  /**
   * The strategy of this name, or the configured one.
   *
   * @throws IllegalArgumentException if neither exists
   */
  static Strategy of(String name, RouterSettings settings, Strategies strategies) {
    return strategies
        .find(name)
        .or(() -> strategies.find(settings.strategy()))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown strategy: %s, known: %s"
                        .formatted(settings.strategy(), strategies.names())));
  }

  /** Changes it; empty if there is no such strategy. */
  static Optional<List<Effect>> set(RouterState state, Moment now, String name) {
    var found = state.strategies().find(name);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    boolean changed = !name.equals(state.strategy().name());
    state.strategy(found.get());
    return Optional.of(
        changed
            ? List.of(new Effect.Emit(new RoutingEvent.StrategyChanged(now.at(), name)))
            : List.of());
  }

  /** Takes over strategies that were read again. */
  static List<Effect> readAgain(
      RouterState state,
      Moment now,
      RouterSettings before,
      RouterSettings next,
      Strategies strategies) {
    boolean same = next.strategy().equals(before.strategy());
    var wanted = same ? state.strategy().name() : next.strategy();
    state.strategies(strategies, of(wanted, next, strategies));
    var weights = new TreeMap<String, Map<String, Double>>();
    next.strategies().forEach((name, each) -> weights.put(name, each.byName()));
    return List.of(
        new Effect.Emit(
            new RoutingEvent.StrategyChanged(now.at(), state.strategy().name(), weights)));
  }
}
