package org.brokecluster.shared.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.List;
import org.brokecluster.shared.config.SettingsReader;
import org.junit.jupiter.api.Test;

class HostSettingsReaderTest {
  private static final String DEFAULTS =
      """
      broke {
        name = studio
        data-dir = "~/.broke"
        http { bind = "127.0.0.1", port = 8000 }
        cluster {
          bind = "127.0.0.1", port = 25520, listen-port = 0, join = [], coordinators = []
        }
      }
      """;

  private List<String> problems = List.of();

  @Test
  void givesTheFounderEveryRole() {
    assertThat(read(HostVerb.UP, "").roles())
        .containsExactlyInAnyOrder("edge", "node", "coordinator");
  }

  @Test
  void givesOneThatJoinsNoCoordinatorRole() {
    var settings = read(HostVerb.UP, "broke.cluster.join = [founder]");

    assertThat(settings.roles()).containsExactlyInAnyOrder("edge", "node");
    assertThat(settings.join()).containsExactly("founder:25520");
  }

  @Test
  void letsTheNamesOfThreeDecideWhoCoordinates() {
    var three = "broke.cluster { join = [a], coordinators = [a, studio, c] }";

    assertThat(read(HostVerb.UP, three).has("coordinator")).isTrue();
    assertThat(read(HostVerb.UP, three + ", broke.name = d").has("coordinator")).isFalse();
    assertThat(read(HostVerb.NODE, three).has("coordinator")).isFalse();
  }

  @Test
  void listensElsewhereOnlyWhereOthersKnowItsPort() {
    assertThat(read(HostVerb.UP, "broke.cluster.listen-port = 7000").listenPort()).isEqualTo(7_000);
    assertThat(problems).isEmpty();

    read(HostVerb.UP, "broke.cluster { port = 0, listen-port = 7000 }");
    assertThat(problems)
        .singleElement()
        .asString()
        .contains("broke.cluster.listen-port", "needs broke.cluster.port");
  }

  @Test
  void runsNoModelsOnAMachineThatOnlyCoordinates() {
    assertThat(read(HostVerb.COORDINATOR, "").roles())
        .containsExactlyInAnyOrder("edge", "coordinator");
  }

  @Test
  void refusesANodeThatJoinsNobody() {
    read(HostVerb.NODE, "");

    assertThat(problems).singleElement().asString().contains("./broke node --join HOST");
  }

  @Test
  void refusesACoordinatorThatIsNotNamed() {
    read(HostVerb.COORDINATOR, "broke.cluster.coordinators = [a]");

    assertThat(problems).singleElement().asString().contains("which is none of [a]");
  }

  @Test
  void letsOnlyTheFirstNamedStartWithoutSomebodyToJoin() {
    read(HostVerb.UP, "broke.cluster.coordinators = [studio, b, c]");
    assertThat(problems).isEmpty();

    read(HostVerb.UP, "broke.cluster.coordinators = [a, studio, c]");
    assertThat(problems).singleElement().asString().contains("only a, named first, may found");
  }

  @Test
  void refusesAddressesThatCannotBe() {
    read(HostVerb.UP, "broke.cluster.join = [\"http://a\", \"a:b\", \"a:70000\", \"ok:1\"]");

    assertThat(problems).hasSize(3).allMatch(p -> p.startsWith("broke.cluster.join: "));
  }

  @Test
  void refusesToListenForMachinesOnEveryAddress() {
    read(HostVerb.UP, "broke.cluster.bind = \"0.0.0.0\"");

    assertThat(problems).singleElement().asString().startsWith("broke.cluster.bind: ");
  }

  @Test
  void knowsWhereHomeIs() {
    assertThat(read(HostVerb.UP, "").dataDir())
        .isEqualTo(Path.of(System.getProperty("user.home"), ".broke"));
  }

  @Test
  void makesANodeNameOfAHostName() {
    assertThat(HostName.asNodeName("Annas-MacBook Pro.local")).isEqualTo("annas-macbook");
    assertThat(HostName.asNodeName("STUDIO_2.lan")).isEqualTo("studio-2");
    assertThat(HostName.asNodeName("...")).isEqualTo("mac");
  }

  private HostSettings read(HostVerb verb, String more) {
    var config = ConfigFactory.parseString(more).withFallback(ConfigFactory.parseString(DEFAULTS));
    var reader = new SettingsReader(config.resolve());
    var settings = new HostSettingsReader(reader).read(verb);
    problems = reader.problems();
    return settings;
  }
}
