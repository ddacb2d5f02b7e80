package org.brokecluster.coordinator.router;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import com.typesafe.config.ConfigFactory;

/**
 * A cluster of one, or a few in one JVM, for tests of what needs membership or Distributed Data.
 */
final class SingleMember {
  private static final String CONFIG =
      """
      akka {
        loglevel = WARNING
        actor.provider = cluster
        actor.allow-java-serialization = off
        remote.artery { transport = tcp, canonical { hostname = "127.0.0.1", port = 0 } }
        cluster {
          jmx.enabled = off
          gossip-interval = 100ms
          leader-actions-interval = 100ms
          periodic-tasks-initial-delay = 50ms
          distributed-data { gossip-interval = 100ms, notify-subscribers-interval = 20ms }
          downing-provider-class = ""
        }
        coordinated-shutdown.exit-jvm = off
        coordinated-shutdown.run-by-jvm-shutdown-hook = off
      }
      """;

  private SingleMember() {}

  static ActorTestKit start() {
    var kit = alone();
    join(kit, kit);
    return kit;
  }

  /** A further member of another's cluster. */
  static ActorTestKit beside(ActorTestKit other) {
    var kit = alone();
    join(kit, other);
    return kit;
  }

  private static ActorTestKit alone() {
    return ActorTestKit.create(
        "single", ConfigFactory.parseString(CONFIG).withFallback(ConfigFactory.load()));
  }

  private static void join(ActorTestKit kit, ActorTestKit other) {
    var address = Cluster.get(other.system()).selfMember().address();
    Cluster.get(kit.system()).manager().tell(Join.create(address));
  }
}
