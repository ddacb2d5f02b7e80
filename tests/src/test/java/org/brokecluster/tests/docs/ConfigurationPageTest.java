package org.brokecluster.tests.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.brokecluster.shared.config.ClusterConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the documents say about the configuration is what the program does. */
class ConfigurationPageTest {
  @TempDir private Path folder;

  @Test
  void documentsEveryKeyWithItsDefault() throws IOException {
    var page = ProjectRoot.file("docs/configuration.md");
    if (Boolean.getBoolean("broke.write-docs")) {
      Files.writeString(page, ConfigurationPage.render());
    }

    assertThat(Files.readString(page)).isEqualTo(ConfigurationPage.render());
  }

  @ParameterizedTest
  @ValueSource(strings = {"cluster.conf", "config/3nodes/cluster.conf", "config/3n4m/cluster.conf"})
  void shipsOnlyFilesThatCanBeUsed(String file) throws Exception {
    assertThat(load(ProjectRoot.file(file)).hasPath("broke.http.port")).isTrue();
  }

  @Test
  void showsTheTrueDefaultsInClusterConf() throws Exception {
    var text = Files.readString(ProjectRoot.file("cluster.conf"));
    var taken = text.replaceAll("(?m)^(\\s+)# ([a-z-]+ (=|\\{))", "$1$2");
    var file = Files.writeString(folder.resolve("cluster.conf"), taken);
    assertThat(taken).isNotEqualTo(text);
    load(file);

    var shown =
        ConfigFactory.parseFile(file.toFile())
            .withoutPath("broke.router.strategies")
            .withoutPath("broke.router.aliases");
    for (var entry : shown.entrySet()) {
      assertThat(entry.getValue().unwrapped())
          .as(entry.getKey())
          .isEqualTo(ConfigurationPage.defaults().getValue(entry.getKey()).unwrapped());
    }
  }

  private static Config load(Path file) throws Exception {
    return new ClusterConf(file, true, Map.of()).load(ConfigFactory.empty(), Optional.empty());
  }
}
