package org.brokecluster.tests.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.brokecluster.tests.harness.BrokeClient;
import org.brokecluster.tests.harness.TestCluster;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * OpenAI's own JavaScript client works unchanged. The calls are in {@code src/test/npm/checks.mjs};
 * the package is installed from a lock with checksums. Skipped where there is no Node or npm, or no
 * package registry.
 */
class OpenAiNpmTest {
  private static final Path SOURCES = Path.of("src", "test", "npm");
  private static final List<String> FILES =
      List.of("package.json", "package-lock.json", "checks.mjs");
  private static final int NODE_MIN = 20;
  private static final Pattern OFFLINE =
      Pattern.compile(
          "ENOTFOUND|ECONN\\w+|E\\w*TIMEDOUT|E\\w+UNREACH|EPIPE|EPROTO|EAI_AGAIN|ENOTCACHED"
              + "|E40[1378]|E429|E5\\d\\d|ERR_SOCKET|ERR_SSL|ERR_TLS|CERT|socket hang up|network");

  @TempDir private Path dir;

  @TestFactory
  Stream<DynamicTest> worksUnchanged() throws IOException {
    assumeNode();
    install();
    List<JsonNode> results;
    try (var cluster = TestCluster.start(dir, 10).node("mini-m1").awaitNodes(1)) {
      results = check(cluster.edge().base());
    }
    assertThat(results).as("checks that were run").hasSizeGreaterThan(10);
    return results.stream()
        .map(
            result ->
                DynamicTest.dynamicTest(
                    result.path("check").asText(),
                    () -> assertThat(result.path("failure").asText("")).isEmpty()));
  }

  private void assumeNode() throws IOException {
    var version = run(dir, "node", "--version");
    var number = Pattern.compile("^v(\\d+)\\.").matcher(version.text());
    boolean found = number.find() && Integer.parseInt(number.group(1)) >= NODE_MIN;
    assumeTrue(found, "needs Node " + NODE_MIN + " or later, found: " + version.text().strip());
    var npm = run(dir, "npm", "--version");
    assumeTrue(npm.exit() == 0, "needs npm, found: " + npm.text().strip());
  }

  private void install() throws IOException {
    for (var file : FILES) {
      Files.copy(SOURCES.resolve(file), dir.resolve(file));
    }
    var installed =
        run(
            dir,
            "npm",
            "ci",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--prefer-offline",
            "--fetch-timeout=20000",
            "--fetch-retries=1");
    assumeTrue(
        installed.exit() == 0 || !OFFLINE.matcher(installed.text()).find(),
        "no package registry: " + installed.text());
    assertThat(installed.exit()).as(installed.text()).isZero();
  }

  private List<JsonNode> check(String base) throws IOException {
    var checked = run(dir, "node", "checks.mjs", base);
    assertThat(checked.exit()).as(checked.text()).isZero();
    return checked
        .text()
        .lines()
        .filter(line -> line.startsWith("{"))
        .map(BrokeClient::parse)
        .toList();
  }

  private record Output(int exit, String text) {}

  private static Output run(Path folder, String... command) throws IOException {
    var output = Files.createTempFile(folder, "output", ".txt").toFile();
    try {
      var process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output)
              .start();
      boolean ended = process.waitFor(3, TimeUnit.MINUTES);
      process.destroyForcibly();
      var text = Files.readString(output.toPath(), StandardCharsets.UTF_8);
      return ended
          ? new Output(process.exitValue(), text)
          : new Output(124, "ETIMEDOUT: does not end in time: " + text);
    } catch (IOException e) {
      return new Output(127, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
