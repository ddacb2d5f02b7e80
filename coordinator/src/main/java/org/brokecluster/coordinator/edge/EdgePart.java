package org.brokecluster.coordinator.edge;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import org.brokecluster.coordinator.history.HistorySettings;
import org.brokecluster.shared.config.SettingsReader;
import org.brokecluster.shared.host.Host;
import org.brokecluster.shared.host.HostSettings;
import org.brokecluster.shared.host.Part;
import org.brokecluster.shared.host.StartException;

/**
 * The HTTP edge, on every host; and on a coordinator the routing history and its share of the
 * router singleton.
 */
public final class EdgePart implements Part {
  @Override
  public String name() {
    return "edge";
  }

  @Override
  public int order() {
    return 10;
  }

  @Override
  public boolean wanted(HostSettings settings) {
    return settings.has(HostSettings.EDGE);
  }

  @Override
  public Config hostConfig(HostSettings settings, Config root) {
    return settings.has(HostSettings.COORDINATOR)
        ? HistorySettings.from(new SettingsReader(root)).akkaConfig(settings.dataDir())
        : ConfigFactory.empty();
  }

  @Override
  public void check(SettingsReader reader) {
    EdgeSettings.from(reader);
  }

  @Override
  public Running start(Host host) throws StartException {
    return RunningEdge.start(host, EdgeSettings.from(new SettingsReader(host.config())));
  }
}
