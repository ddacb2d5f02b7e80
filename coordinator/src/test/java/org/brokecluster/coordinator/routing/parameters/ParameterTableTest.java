package org.brokecluster.coordinator.routing.parameters;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.router.Parameter;
import org.brokecluster.protocol.router.Parameters;
import org.brokecluster.protocol.router.Profile;
import org.brokecluster.protocol.router.RequestFacts;
import org.brokecluster.protocol.router.Wishes;
import org.brokecluster.shared.config.SettingsReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is filled in for whom. */
class ParameterTableTest {
  private static final Set<Parameter> ALL = Set.of(Parameter.values());

  private static ParameterTable table(String overrides) {
    var reader = reader(overrides);
    var settings = ParameterSettings.from(reader);
    assertThat(reader.problems()).isEmpty();
    return new ParameterTable(settings, 0.35);
  }

  private static SettingsReader reader(String overrides) {
    var config = ConfigFactory.parseString(overrides).withFallback(ConfigFactory.load());
    return new SettingsReader(config.resolve());
  }

  private static Parameters of(ParameterTable table, String model, Set<Parameter> open) {
    return table.of(facts(0.9, open), 0.2, ModelId.of(model));
  }

  private static RequestFacts facts(double prose, Set<Parameter> open) {
    var profile = new Profile(0.2, 0.2, prose, Map.of(), 0.1, 0, 100, "phrases", "test");
    return new RequestFacts(
        Api.CHAT,
        "auto",
        true,
        profile,
        20,
        100,
        null,
        Set.of(),
        Wishes.NONE,
        List.of(),
        List.of(),
        open);
  }

  @ParameterizedTest
  @CsvSource({
    "mlx-community/Qwen3-32B-4bit, 'temperature=0.7,top-p=0.8,thinking=false'",
    "qwen3:14b, 'temperature=0.7,top-p=0.8,thinking=false'",
    "Qwen3-4B-Thinking-2507, 'temperature=0.6,top-p=0.95'",
    "Qwen3-30B-A3B-Instruct-2507-4bit, 'temperature=0.7,top-p=0.8'",
    "Qwen3-Coder-30B-A3B, 'temperature=0.7,top-p=0.8'",
    "Qwen2.5-7B-Instruct-4bit, 'temperature=0.7,top-p=0.8'",
    "DeepSeek-R1-Distill-Qwen-7B, 'temperature=0.6,top-p=0.95'",
    "some-other-7b, ''",
    "Qwen3.5-9B, ''",
  })
  void fillsInWhatTheMakersRecommendForWhatIsEasy(String model, String expected) {
    assertThat(of(table(""), model, ALL)).hasToString(expected);
  }

  @Test
  void letsAModelThinkAboutWhatIsHardOrCode() {
    var model = ModelId.of("qwen3-32b");

    assertThat(table("").of(facts(0.9, ALL), 0.7, model)).hasToString("temperature=0.6,top-p=0.95");
    assertThat(table("").of(facts(0.1, ALL), 0.2, model)).hasToString("temperature=0.6,top-p=0.95");
  }

  @Test
  void leavesAloneWhatTheClientHasSet() {
    var table = table("");

    assertThat(of(table, "qwen3-8b", Set.of())).isEqualTo(Parameters.NONE);
    assertThat(of(table, "qwen3-8b", Set.of(Parameter.TEMPERATURE, Parameter.MAX_TOKENS)))
        .isEqualTo(Parameters.NONE);
    assertThat(of(table, "qwen3-8b", Set.of(Parameter.TEMPERATURE, Parameter.TOP_P)))
        .hasToString("temperature=0.6,top-p=0.95");
  }

  @Test
  void prefersTheOperatorsFiguresAndThoseOfTheKindOfWork() {
    var table =
        table(
            "broke.router.parameters.models { qwen3 { temperature = 0.5, max-tokens = 900,"
                + " code { temperature = 0.1 } }, qwen3-8b { thinking = true } }");

    assertThat(of(table, "qwen3-14b", ALL))
        .hasToString("temperature=0.5,top-p=0.8,max-tokens=900,thinking=false");
    assertThat(table.of(facts(0.1, ALL), 0.2, ModelId.of("qwen3-14b")).temperature())
        .isEqualTo(0.1);
    assertThat(of(table, "qwen3-8b", ALL)).hasToString("temperature=0.7,top-p=0.8,thinking=true");
  }

  @Test
  void fillsInNothingWhereThatIsSwitchedOff() {
    var off = table("broke.router.parameters.enabled = false");

    assertThat(of(off, "qwen3-8b", ALL)).isEqualTo(Parameters.NONE);
  }

  @Test
  void tellsEveryMistakeInTheConfiguration() {
    var reader =
        reader(
            "broke.router.parameters.models { x { temperature = 9, top-q = 1, code.top-p = 0 } }");

    ParameterSettings.from(reader);

    assertThat(reader.problems()).hasSize(3);
  }
}
