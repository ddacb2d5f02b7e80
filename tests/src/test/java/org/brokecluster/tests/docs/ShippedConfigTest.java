package org.brokecluster.tests.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.brokecluster.shared.config.ClusterConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The configuration files that come along can be used, and tell the truth. */
class ShippedConfigTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"cluster.conf", "config/3nodes/cluster.conf", "config/3n4m/cluster.conf"})
  void shipsOnlyFilesThatCanBeUsed(String file) throws Exception {
    assertThat(load(ROOT.resolve(file), Optional.empty()).hasPath("broke.http.port")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"studio-m2", "studio-m1", "mini-m1"})
  void shipsOnlyPresetsThatCanBeUsed(String preset) throws Exception {
    var config = load(ROOT.resolve("cluster.conf"), Optional.of(preset));

    assertThat(config.getBoolean("broke.node.simulated.enabled")).isTrue();
  }

  /** Takes the # away from every setting of the file and compares with the defaults. */
  @Test
  void showsTheTrueDefaultsInClusterConf() throws Exception {
    var text = Files.readString(ROOT.resolve("cluster.conf"));
    var taken = text.replaceAll("(?m)^(\\s+)# ([a-z-]+ (=|\\{))", "$1$2");
    assertThat(taken).isNotEqualTo(text);
    var file = Files.writeString(folder.resolve("cluster.conf"), taken);
    load(file, Optional.empty());

    var shown =
        ConfigFactory.parseFile(file.toFile())
            .withoutPath("broke.router.strategies")
            .withoutPath("broke.router.aliases")
            .withoutPath("broke.router.fallbacks")
            .withoutPath("broke.router.queue.shares");
    assertThat(shown.entrySet())
        .hasSizeGreaterThan(10)
        .allSatisfy(
            entry ->
                assertThat(entry.getValue().unwrapped())
                    .as(entry.getKey())
                    .isEqualTo(
                        ConfigFactory.defaultReference().getValue(entry.getKey()).unwrapped()));
  }

  private static Config load(Path file, Optional<String> preset) throws Exception {
    return new ClusterConf(file, true, Map.of()).load(ConfigFactory.empty(), preset);
  }
}
