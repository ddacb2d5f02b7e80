package org.brokecluster.simulation;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Set;
import org.brokecluster.coordinator.request.BeatSettings;
import org.brokecluster.coordinator.request.LifeLimits;
import org.brokecluster.coordinator.request.RescueSettings;
import org.brokecluster.coordinator.routing.RouterSettings;
import org.brokecluster.coordinator.routing.scorer.Strategies;
import org.brokecluster.node.NodeSettings;
import org.brokecluster.shared.config.SettingsReader;

/**
 * The product's own settings, as the simulated parts use them. A mechanism that is left out is left
 * out here, as far as a setting can do that.
 *
 * @param promised the router's settings with no mechanism left out: what users may rely on
 */
record SimulationSettings(
    RouterSettings router,
    RouterSettings promised,
    Strategies strategies,
    LifeLimits limits,
    RescueSettings rescue,
    BeatSettings beats,
    NodeSettings node) {

  /** Runs last for minutes, so nobody is patient for as long as in a real cluster. */
  private static final String SHORT =
      "broke.router.queue { ageing-unwatched = 30s, oldest-every-unwatched = 3 }\n";

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException listing what is wrong
   */
  static SimulationSettings read(Config given, Set<Mechanism> off) {
    var config = ConfigFactory.parseString(SHORT).withFallback(given).resolve();
    var text = new StringBuilder();
    off.forEach(each -> text.append(without(each)));
    var reader =
        new SettingsReader(
            ConfigFactory.parseString(text.toString()).withFallback(config).resolve());
    var router = RouterSettings.from(reader);
    var settings =
        new SimulationSettings(
            router,
            RouterSettings.from(new SettingsReader(config)),
            Strategies.of(router.strategies(), List.of()),
            LifeLimits.from(reader),
            RescueSettings.from(reader),
            BeatSettings.from(reader),
            NodeSettings.from(reader));
    if (!reader.problems().isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", reader.problems()));
    }
    return settings;
  }

  private static String without(Mechanism mechanism) {
    return switch (mechanism) {
      case RESCUE -> "broke.rescue.text-max = 0\n";
      case STALL_LIMIT ->
          "broke.limits { stall = 1h, first-token = 1h, margin = 1h, ready = 1h }\n";
      case BREAKER -> "broke.router.breaker.failures = 100\n";
      case BEATS -> "broke.beats.suspect = 1m\n";
      case AGEING -> "broke.router.queue { ageing = 1h, ageing-unwatched = 1h }\n";
      case RETRY -> "broke.limits.attempts-max = 1\n";
      case FENCING,
          TERMS,
          RESUBMISSION,
          LEDGER_ECHO,
          TOMBSTONES,
          EDGE_WATCH,
          REPORT_REPEAT,
          SEQUENCE ->
          "";
    };
  }
}
