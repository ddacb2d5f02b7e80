package org.brokecluster.shared.host;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.shared.config.SettingsReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MembershipKeeperTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  @TempDir Path dataDir;

  /** Joins every membership but the first. */
  private static final class Careless implements Part.Running {
    private final BlockingQueue<Membership> joined = new LinkedBlockingQueue<>();
    private int count;

    @Override
    public void join(Membership membership) {
      joined.add(membership);
      if (++count == 1) {
        throw new IllegalStateException("a bug");
      }
    }

    @Override
    public CompletionStage<Void> drain() {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> stop() {
      return CompletableFuture.completedFuture(null);
    }
  }

  @Test
  void endsAMembershipThatFailsSoThatTheNextOneHasItsPort() throws Exception {
    var config = ConfigFactory.load();
    var kit = ActorTestKit.create("host", config);
    var files = Executors.newSingleThreadExecutor();
    var part = new Careless();
    var settings = ClusterSettings.from(new SettingsReader(config));
    var keeper = new MembershipKeeper(host(kit, config), settings, List.of(part), files);
    var thread = new Thread(keeper, "keeper");
    thread.start();
    try {
      var failed = part.joined.poll(LONG.toSeconds(), TimeUnit.SECONDS);
      var next = part.joined.poll(LONG.toSeconds(), TimeUnit.SECONDS);

      assertThat(failed.system().getWhenTerminated().toCompletableFuture()).isCompleted();
      assertThat(next).isNotNull();
      assertThat(next.system().address()).isEqualTo(failed.system().address());
    } finally {
      keeper.stop(LONG);
      thread.join(LONG.toMillis());
      kit.shutdownTestKit();
      files.shutdown();
    }
  }

  private Host host(ActorTestKit kit, Config config) {
    return new Host(
        new HostSettings(
            NodeId.of("studio"),
            Set.of(HostSettings.EDGE, HostSettings.COORDINATOR),
            dataDir,
            "127.0.0.1",
            0,
            "127.0.0.1",
            0,
            0,
            List.of(),
            List.of()),
        config,
        kit.system(),
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
        new AtomicReference<>(null),
        new AtomicReference<>(null),
        new ConfigWatch(Path.of("no-such-file"), config, () -> config));
  }
}
