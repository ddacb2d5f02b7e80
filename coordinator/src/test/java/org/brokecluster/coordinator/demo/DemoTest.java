package org.brokecluster.coordinator.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.brokecluster.shared.cli.VerbException;
import org.brokecluster.shared.host.DataFolderLock;
import org.brokecluster.shared.host.StartException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
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
    assertThat(DemoText.awaited(false, List.of(), 3)).contains("the coordinator");
    assertThat(DemoText.awaited(true, List.of("studio-m2"), 3))
        .isEqualTo("waiting for studio-m1, mini-m1 (3 s)");
    assertThat(DemoText.awaited(true, HostPlan.MACS, 3)).contains("the router");
  }

  @Test
  void showsAnExampleThatCanBePasted() {
    var text = DemoText.welcome(settings(9000), List.of(), "NAME\n");

    assertThat(text)
        .contains("http://127.0.0.1:9000/v1/chat/completions")
        .contains("\"stream\": true")
        .contains("./broke chat --port 9000");
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
