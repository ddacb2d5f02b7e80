package org.brokecluster.coordinator.demo;

import java.util.ArrayList;
import java.util.List;

/**
 * One process of the demo and the arguments it is started with. Pure.
 *
 * @param name name in the cluster and of its folder
 * @param arguments verb and options
 */
record HostPlan(String name, List<String> arguments) {
  static final String COORDINATOR = "coordinator";

  /** The simulated Macs; each name is also the name of its preset. */
  static final List<String> MACS = List.of("studio-m2", "studio-m1", "mini-m1");

  HostPlan {
    arguments = List.copyOf(arguments);
  }

  /** The coordinator first, then the Macs. */
  static List<HostPlan> all(DemoSettings settings, int clusterPort) {
    var plans = new ArrayList<HostPlan>();
    plans.add(
        plan(
            settings,
            COORDINATOR,
            List.of(
                "coordinator",
                "--port",
                String.valueOf(settings.port()),
                "--cluster-port",
                String.valueOf(clusterPort),
                "-D",
                "broke.edge.nodes-needed=" + MACS.size())));
    for (var mac : MACS) {
      plans.add(
          plan(
              settings,
              mac,
              List.of(
                  "node",
                  "--port",
                  "0",
                  "--cluster-port",
                  "0",
                  "--join",
                  "127.0.0.1:" + clusterPort,
                  "--simulated",
                  mac,
                  "--time-scale",
                  String.valueOf(settings.timeScale()))));
    }
    return plans;
  }

  /** Who a host is never comes from the user's {@code cluster.conf}; all else may. */
  private static HostPlan plan(DemoSettings settings, String name, List<String> own) {
    var arguments = new ArrayList<>(own);
    arguments.addAll(List.of("--name", name, "--bind", "127.0.0.1", "--parent-pipe"));
    arguments.addAll(List.of("--data-dir", settings.dataDir().resolve(name).toString()));
    arguments.addAll(List.of("-D", "broke.cluster.coordinators=[" + COORDINATOR + "]"));
    arguments.addAll(settings.hostArguments());
    return new HostPlan(name, arguments);
  }
}
