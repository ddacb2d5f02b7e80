package org.brokecluster.shared.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterConfTest {
  @TempDir private Path folder;

  @Test
  void hasTheDefaultsWhereThereIsNoFile() throws Exception {
    var config = load("", Map.of(), "");

    assertThat(config.getInt("broke.cluster.port")).isEqualTo(25520);
  }

  @Test
  void letsTheFileWinOverTheDefaults() throws Exception {
    var config = load("broke.cluster.port = 1", Map.of(), "");

    assertThat(config.getInt("broke.cluster.port")).isEqualTo(1);
  }

  @Test
  void letsTheEnvironmentWinOverTheFile() throws Exception {
    var config = load("broke.cluster.port = 1", Map.of("BROKE_CLUSTER_PORT", "2"), "");

    assertThat(config.getInt("broke.cluster.port")).isEqualTo(2);
  }

  @Test
  void letsTheCommandLineWinOverEverything() throws Exception {
    var config =
        load("broke.cluster.port = 1", Map.of("BROKE_CLUSTER_PORT", "2"), "broke.cluster.port = 3");

    assertThat(config.getInt("broke.cluster.port")).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a:1, b:2", "[\"a:1\", \"b:2\"]"})
  void takesListsFromTheEnvironment(String text) throws Exception {
    var config = load("", Map.of("BROKE_CLUSTER_JOIN", text), "");

    assertThat(config.getStringList("broke.cluster.join")).containsExactly("a:1", "b:2");
  }

  @Test
  void listsEveryProblemWithItsKeyAndPlace() {
    var problems =
        problems(
            """
            broke.cluster.prot = 1
            broke.clutser { port = 1 }
            broke.cluster.join = "a:1"
            """);

    assertThat(problems).hasSize(3);
    assertThat(problems)
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .startsWith("broke.cluster.prot: there is no such key")
                    .contains("did you mean broke.cluster.port?")
                    .contains("cluster.conf: 1"))
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .startsWith("broke.clutser: there is no such key")
                    .contains("did you mean broke.cluster?"))
        .anySatisfy(
            problem -> assertThat(problem).startsWith("broke.cluster.join: must be a list"));
  }

  @Test
  void doesNotGuessWhereNothingIsSimilar() {
    assertThat(problems("broke.frobnicate = 1").get(0)).doesNotContain("did you mean");
  }

  @Test
  void refusesASectionThatIsNotOurs() {
    assertThat(problems("brok.cluster.port = 1").get(0))
        .startsWith("brok: there is no such section");
  }

  @Test
  void saysWhereAFileCannotBeParsed() {
    assertThat(problems("broke {").get(0)).startsWith("cluster.conf: cannot be read");
  }

  @Test
  void allowsOneOrThreeCoordinators() throws Exception {
    assertThat(load("broke.cluster.coordinators = [a]", Map.of(), "").isEmpty()).isFalse();
    assertThat(load("broke.cluster.coordinators = [a, b, c]", Map.of(), "").isEmpty()).isFalse();
  }

  @Test
  void saysWhyTwoCoordinatorsAreWrong() {
    assertThat(problems("broke.cluster.coordinators = [a, b]").get(0))
        .startsWith("broke.cluster.coordinators: must name 1 or 3")
        .contains("the loss of either leaves no majority");
  }

  @Test
  void refusesFourCoordinatorsAndTheSameNameTwice() {
    assertThat(problems("broke.cluster.coordinators = [a, b, c, d]").get(0)).contains("names 4");
    assertThat(problems("broke.cluster.coordinators = [a, a, b]").get(0)).contains("must differ");
  }

  @Test
  void needsTheFileWhereAFolderWasNamed() {
    var conf = new ClusterConf(folder.resolve("missing/cluster.conf"), true, Map.of());

    assertThatThrownBy(() -> conf.load(ConfigFactory.empty(), Optional.empty()))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("there is no file");
  }

  @Test
  void refusesAPresetThatDoesNotExist() {
    var conf = new ClusterConf(folder.resolve("cluster.conf"), false, Map.of());

    assertThatThrownBy(() -> conf.load(ConfigFactory.empty(), Optional.of("macbook-9")))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("there is no preset \"macbook-9\"")
        .hasMessageContaining("studio-m2");
  }

  @Test
  void checksTheCommandLineToo() {
    var conf = new ClusterConf(folder.resolve("cluster.conf"), false, Map.of());
    var typo = ConfigFactory.parseString("broke.cluster.potr = 1");

    assertThatThrownBy(() -> conf.load(typo, Optional.empty()))
        .hasMessageContaining("broke.cluster.potr")
        .hasMessageContaining("did you mean broke.cluster.port?");
  }

  private Config load(String file, Map<String, String> environment, String commandLine)
      throws IOException, InvalidConfigException {
    var path = folder.resolve("cluster.conf");
    if (!file.isEmpty()) {
      Files.writeString(path, file);
    }
    return new ClusterConf(path, false, environment)
        .load(ConfigFactory.parseString(commandLine), Optional.empty());
  }

  private List<String> problems(String file) {
    return catchThrowableOfType(InvalidConfigException.class, () -> load(file, Map.of(), ""))
        .problems();
  }
}
