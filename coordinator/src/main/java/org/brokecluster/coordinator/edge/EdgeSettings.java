package org.brokecluster.coordinator.edge;

import java.time.Duration;
import org.brokecluster.coordinator.history.HistorySettings;
import org.brokecluster.coordinator.history.content.ContentSettings;
import org.brokecluster.coordinator.http.server.HttpSettings;
import org.brokecluster.coordinator.request.RequestSettings;
import org.brokecluster.coordinator.routing.RouterSettings;
import org.brokecluster.coordinator.routing.profile.ComplexityEstimator;
import org.brokecluster.coordinator.routing.profile.Estimators;
import org.brokecluster.shared.config.SettingsReader;

/**
 * Every section the edge and the coordinator read.
 *
 * @param estimator of what prompts demand
 * @param nodesNeeded nodes that must have come before {@code /ready} says so for the first time
 * @param drainTimeout how long running answers may take to finish at a stop
 */
record EdgeSettings(
    HttpSettings http,
    RequestSettings requests,
    RouterSettings router,
    HistorySettings history,
    ContentSettings content,
    ComplexityEstimator estimator,
    int nodesNeeded,
    Duration drainTimeout) {

  static EdgeSettings from(SettingsReader reader) {
    var settings =
        new EdgeSettings(
            HttpSettings.read(reader),
            RequestSettings.from(reader),
            RouterSettings.from(reader),
            HistorySettings.from(reader),
            ContentSettings.from(reader),
            estimator(reader),
            reader.integer("broke.edge.nodes-needed", 1, 1_000),
            reader.duration("broke.cluster.drain-timeout", Duration.ZERO, Duration.ofSeconds(8)));
    if (settings.http().streamBuffer() < 4L * settings.requests().congestion()) {
      reader.problem(
          "broke.http.stream-buffer", "must be at least four times broke.requests.congestion");
    }
    return settings;
  }

  private static ComplexityEstimator estimator(SettingsReader reader) {
    var key = "broke.edge.estimator";
    var name = reader.text(key);
    var known = Estimators.of(Estimators.plugins());
    var found = known.find(name);
    if (found.isEmpty()) {
      reader.problem(key, "no such estimator: " + name + ", known: " + known.names());
    }
    return found.orElseGet(Estimators::bundled);
  }
}
