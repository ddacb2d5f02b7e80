package org.brokecluster.coordinator.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.brokecluster.coordinator.cli.client.ClusterGlance.Look;
import org.brokecluster.shared.cli.VerbException;
import org.brokecluster.shared.host.DataFolderLock;
import org.brokecluster.shared.host.StartException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
  private static final Look READY = new Look(true, true, false, HostPlan.MACS, Map.of());

  @TempDir private Path folder;

  @Test
  void plansOneCoordinatorAndThreeMacsThatJoinIt() {
    var plans = HostPlan.all(settings(8000), 4711);

    assertThat(plans)
        .extracting(HostPlan::name)
        .containsExactly("coordinator", "studio-m2", "studio-m1", "mini-m1");
    assertThat(plans.get(0).arguments())
        .containsSequence("--port", "8000")
        .containsSequence("--cluster-port", "4711");
    assertThat(plans.subList(1, 4))
        .allSatisfy(
            plan ->
                assertThat(plan.arguments())
                    .startsWith("node")
                    .containsSequence("--join", "127.0.0.1:4711")
                    .containsSequence("--simulated", plan.name())
                    .containsSequence("--data-dir", folder.resolve(plan.name()).toString()));
  }

  @Test
  void makesEveryProcessEndWithTheSupervisor() {
    assertThat(HostPlan.all(settings(8000), 1))
        .allSatisfy(plan -> assertThat(plan.arguments()).contains("--parent-pipe"));
  }

  @Test
  void startsNothingOnATakenPort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var demo = new Demo(settings(socket.getLocalPort()), new PrintWriter(new StringWriter()));

      assertThatThrownBy(demo::run)
          .isInstanceOf(VerbException.class)
          .hasMessageContaining("port " + socket.getLocalPort() + " is taken");
      assertThat(folder).isEmptyDirectory();
    }
  }

  @Test
  void leavesADataFolderToTheDemoThatHasIt() throws Exception {
    try (var lock = DataFolderLock.take(folder)) {
      assertThat(lock).isNotNull();
      var demo = new Demo(settings(freePort()), new PrintWriter(new StringWriter()));

      assertThatThrownBy(demo::run)
          .isInstanceOf(StartException.class)
          .hasMessageContaining("is in use by process");
    }
  }

  @Test
  void saysWhatIsAwaited() {
    var silent = new Look(false, false, false, List.of(), Map.of());
    var one = new Look(true, false, false, List.of("studio-m2"), Map.of("mini-m1", "its hours"));

    assertThat(DemoText.awaited(silent, 3)).contains("the coordinator");
    assertThat(DemoText.awaited(one, 3)).isEqualTo("waiting for studio-m1 (3 s)");
    assertThat(DemoText.awaited(new Look(true, false, false, HostPlan.MACS, Map.of()), 3))
        .contains("the router");
    assertThat(DemoText.awaited(new Look(true, false, true, List.of(), Map.of()), 3))
        .contains("API key");
  }

  @Test
  void showsAnExampleThatCanBePasted() {
    var text = DemoText.welcome(settings(9000), List.of(), "NAME\n", READY);

    assertThat(text)
        .contains("http://127.0.0.1:9000/v1/chat/completions")
        .contains("\"stream\": true")
        .contains("./broke chat --port 9000")
        .doesNotContain("API key", "takes no new work");
  }

  @Test
  void looksAtItselfWithAKeyOfItsOwnConfiguration() {
    var none = ConfigFactory.parseString("broke.http.api-keys = []");
    var two = ConfigFactory.parseString("broke.http.api-keys = [first-key, second-key]");
    var one = ConfigFactory.parseString("broke.http { api-keys = [], api-key = only-key }");

    assertThat(DemoKey.of(none, Optional.of("left-over"))).isEmpty();
    assertThat(DemoKey.of(two, Optional.empty())).contains(new DemoKey("first-key", false));
    assertThat(DemoKey.of(two, Optional.of("other"))).contains(new DemoKey("first-key", false));
    assertThat(DemoKey.of(two, Optional.of("second-key")))
        .contains(new DemoKey("second-key", true));
    assertThat(DemoKey.of(one, Optional.of("only-key"))).contains(new DemoKey("only-key", true));
  }

  @Test
  void saysWhereToPutTheKeyAndNeverTheKey() {
    var key = new DemoKey("a-secret-key", false);
    var settings = new DemoSettings(9000, folder, 1, List.of(), Optional.of(key));

    var text = DemoText.welcome(settings, List.of(), "", READY);

    assertThat(text)
        .contains("export BROKE_API_KEY=...", "Authorization: Bearer $BROKE_API_KEY")
        .doesNotContain("a-secret-key");
    assertThat(settings.toString()).doesNotContain("a-secret-key");
  }

  @Test
  void goesOnWhileOwnersWantTheirMacs() {
    var hours = Map.of("studio-m1", "its owner's hours", "mini-m1", "its owner's hours");
    var one = new Look(true, true, false, List.of("studio-m2"), hours);
    var all = new HashMap<>(hours);
    all.put("studio-m2", "it was drained");
    var none = new Look(true, false, false, List.of(), all);

    assertThat(one.complete(HostPlan.MACS)).isTrue();
    assertThat(none.complete(HostPlan.MACS)).isTrue();
    assertThat(new Look(true, false, false, List.of("studio-m2"), hours).complete(HostPlan.MACS))
        .isFalse();
    assertThat(DemoText.welcome(settings(9000), List.of(), "", none))
        .contains("The cluster is up at", "studio-m1 takes no new work: its owner's hours")
        .contains("prompts are refused until one is back");
  }

  @Test
  void believesTheEdgeWhereItDoesNotShowItsMachines() {
    assertThat(new Look(true, true, true, List.of(), Map.of()).complete(HostPlan.MACS)).isTrue();
    assertThat(new Look(true, false, true, List.of(), Map.of()).complete(HostPlan.MACS)).isFalse();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private DemoSettings settings(int port) {
    return new DemoSettings(port, folder, 1, List.of(), Optional.empty());
  }
}
