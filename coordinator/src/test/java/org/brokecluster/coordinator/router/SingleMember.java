package org.brokecluster.coordinator.router;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import com.typesafe.config.ConfigFactory;

/** A cluster of one, for tests of what needs membership or Distributed Data. */
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
    var kit =
        ActorTestKit.create(
            "single", ConfigFactory.parseString(CONFIG).withFallback(ConfigFactory.load()));
    var cluster = Cluster.get(kit.system());
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
    return kit;
  }
}
