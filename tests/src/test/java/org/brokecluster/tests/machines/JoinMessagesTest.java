package org.brokecluster.tests.machines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.brokecluster.tests.harness.BrokeClient;
import org.brokecluster.tests.harness.BrokeProcess;
import org.brokecluster.tests.harness.MachineLab;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people read who typed the wrong thing while they joined two machines. */
class JoinMessagesTest {
  private static final String KEY = "a-key-for-tests";
  private static final List<BrokeProcess> running = new ArrayList<>();
  private static MachineLab lab;
  private static Path dir;

  @BeforeAll
  static void start(@TempDir Path folder) {
    var missing = MachineLab.missing();
    assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
    dir = folder;
    lab = MachineLab.of("studio", "mini");
    var studio = lab.address("studio");
    lab.hosts("studio", "10.9.9.9 studio-by-name\n" + studio + " studio-by-name\n");
    lab.hosts("mini", "10.9.9.9 studio-by-name\n" + studio + " studio-by-name\n");
    // Bound to a name: of its two addresses the one is meant that this machine has.
    host(
        "studio",
        KEY,
        "up",
        "--bind",
        "studio-by-name",
        "--insecure-lan",
        "--simulated",
        "mini-m1");
  }

  @AfterAll
  static void stop() {
    running.forEach(BrokeProcess::close);
    if (lab != null) {
      lab.close();
    }
  }

  private static BrokeProcess host(String machine, String key, String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    var name = machine + running.size();
    all.addAll(List.of("--name", name, "--data-dir", dir.resolve(name + "-data").toString()));
    var process = BrokeProcess.start(name, dir, lab.on(machine), Map.of("BROKE_API_KEY", key), all);
    running.add(process);
    return process;
  }

  private static BrokeProcess joining(int port, String address) {
    return host(
        "mini",
        KEY,
        "node",
        "--join",
        address,
        "--bind",
        lab.address("mini"),
        "--insecure-lan",
        "--port",
        "" + port,
        "--cluster-port",
        "0",
        "--simulated",
        "mini-m1");
  }

  @Test
  void whatCannotWorkIsRefusedBeforeAnythingStarts() {
    var mini = lab.address("mini");
    var bare = host("mini", "", "up", "--bind", mini);
    var noKey = host("mini", "", "up", "--bind", mini, "--insecure-lan");
    var noFlag = host("mini", KEY, "up", "--bind", mini);
    var notOwn = host("mini", KEY, "up", "--bind", lab.nobody(), "--insecure-lan");
    var loopback = host("mini", KEY, "node", "--join", lab.address("studio"));

    assertRefused(bare, "without --insecure-lan and an API key");
    assertRefused(noKey, "without an API key");
    assertRefused(noFlag, "without --insecure-lan");
    assertRefused(notOwn, "this machine has no address " + lab.nobody(), mini);
    assertRefused(loopback, "other machines could not call back", "--bind " + mini);
  }

  @Test
  void aTakenPortOnEitherAddressIsRefused() {
    var studio = lab.address("studio");
    await(Duration.ofMinutes(2), "studio serves", () -> studioSees("studio0"));
    var second =
        host("studio", KEY, "up", "--bind", studio, "--insecure-lan", "--cluster-port", "0");
    var cluster = host("studio", KEY, "up", "--bind", studio, "--insecure-lan", "--port", "8001");

    assertRefused(second, "port 8000 is taken by a BROKE host", "./broke up --port 8001");
    assertRefused(cluster, "the cluster port 25520 is taken on " + studio, "--cluster-port");
  }

  private static void assertRefused(BrokeProcess process, String... texts) {
    assertThat(process.awaitExit(120)).as(process.log()).isEqualTo(1);
    assertThat(process.log()).contains(texts).doesNotContain("Exception");
  }

  @Test
  void whoCannotBeJoinedIsNamedWithAReasonAndTriedOn() {
    var studio = lab.address("studio");
    var noListener = joining(8_011, studio + ":25999");
    var http = joining(8_012, studio + ":8000");
    var nobody = joining(8_013, lab.nobody());
    var unknown = joining(8_014, "no-such-name.invalid");

    awaitLog(noListener, "nothing listens at " + studio + ":25999 (Connection refused)");
    awaitLog(http, studio + ":8000 answers HTTP; --join needs the cluster port");
    awaitLog(nobody, lab.nobody() + " does not answer: is it awake, in the same network");
    awaitLog(unknown, "nobody knows the name no-such-name.invalid");
    var status = lab.run("mini", Map.of("BROKE_API_KEY", KEY), statusAt(8_013));
    assertThat(status.text()).contains(lab.nobody() + " does not answer");
  }

  private static List<String> statusAt(int port) {
    return BrokeProcess.verb("status", "--port", "" + port);
  }

  @Test
  void aNameThatStandsForSeveralAddressesIsJoinedAtTheRightOne() {
    var process = joining(8_015, "studio-by-name");

    await(Duration.ofMinutes(2), "joined by name", () -> studioSees(process.name()));
  }

  private static boolean studioSees(String name) {
    for (var node :
        new BrokeClient("http://" + lab.address("studio") + ":8000", KEY).getJson("/api/nodes")) {
      if (node.path("name").asText().equals(name)) {
        return true;
      }
    }
    return false;
  }

  private static void awaitLog(BrokeProcess process, String text) {
    await(Duration.ofMinutes(2), text, () -> process.log().contains(text));
  }

  private static void await(
      Duration limit, String what, java.util.function.BooleanSupplier condition) {
    Machines.await(limit, what, condition, running);
  }
}
