package org.brokecluster.node.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.brokecluster.node.hardware.Hardware;
import org.brokecluster.node.hardware.HardwareSettings;
import org.brokecluster.node.memory.MemoryLedger;
import org.brokecluster.node.memory.MemoryLimit;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.shared.config.SettingsReader;
import org.brokecluster.shared.hardware.Chip;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeRuntimeSettingsTest {

  @TempDir private Path folder;

  @Test
  void hasDefaultsThatAreInOrder() {
    var reader = reader("");

    var settings = NodeRuntimeSettings.read(reader);

    assertThat(reader.problems()).isEmpty();
    assertThat(settings.hardware()).isEqualTo(HardwareSettings.ASK);
    assertThat(settings.attached()).isEmpty();
    assertThat(settings.openAi().defaultSlots()).isEqualTo(4);
    assertThat(settings.simulated().enabled()).isFalse();
    assertThat(settings.simulated().models())
        .extracting(model -> model.tier())
        .containsExactly(Tier.BASIC, Tier.BALANCED, Tier.PREMIUM);
  }

  @Test
  void readsEveryKey() {
    var reader =
        reader(
            """
            chip = "M2 Ultra"
            memory = 64GiB
            runtimes = ["openai=http://127.0.0.1:9931,slots=2"]
            openai {
              connect-timeout = 1s, models-timeout = 3s, default-slots = 8, finish-grace = 1s
              max-connections = 99
              max-event = 1MiB, max-answer = 2MiB
            }
            simulated {
              enabled = true, time-scale = 100, tick = 5ms, answer-tokens-min = 10
              answer-tokens-max = 20, answer-tokens-limit = 30, kv-tokens-per-slot = 40
              prefix-blocks = 50, max-generations = 60, allow-request-faults = true
              model-defaults { quantization = bf16, context-length = 1000, resident = true, slots = 7 }
              models = [
                { id = one, parameters = 1B }
                { id = two, parameters = 30B, active-parameters = 3B, tier = balanced
                  quantization = 8bit, context-length = 2000, resident = false, slots = 1 }
              ]
            }
            """);

    var settings = NodeRuntimeSettings.read(reader);

    assertThat(reader.problems()).isEmpty();
    assertThat(settings.hardware().chip()).map(Chip::name).contains("M2 Ultra");
    assertThat(settings.hardware().memoryBytes()).hasValue(64L << 30);
    assertThat(settings.attached()).hasSize(1);
    assertThat(settings.openAi().finishGrace()).isEqualTo(Duration.ofSeconds(1));
    assertThat(settings.openAi().maxConnections()).isEqualTo(99);
    assertThat(settings.openAi().maxAnswerBytes()).isEqualTo(2 << 20);
    var simulated = settings.simulated();
    assertThat(simulated)
        .hasToString(
            "SimulatedSettings[enabled=true, models=%s, timeScale=100.0, tick=PT0.005S,"
                    .formatted(simulated.models())
                + " answerMinTokens=10, answerMaxTokens=20, answerLimitTokens=30,"
                + " kvTokensPerSlot=40, prefixBlocks=50, maxGenerations=60,"
                + " allowRequestFaults=true]");
    assertThat(simulated.models().get(0).toString())
        .contains("BASIC", "label=bf16", "contextLength=1000", "resident=true", "slots=7");
    assertThat(simulated.models().get(1).toString())
        .contains("BALANCED", "activeParameters=3000000000", "8.5", "2000", "false", "slots=1");
  }

  @Test
  void namesEveryProblemWithItsKey() {
    var reader =
        reader(
            """
            chip = "M9"
            runtimes = ["ollama", "openai=http://x,slots=0"]
            simulated {
              answer-tokens-min = 200
              models = [
                { id = one, parameters = big }
                { id = one, parameters = 3B, active-parameters = 4B, tier = huge, colour = red }
              ]
            }
            """);

    NodeRuntimeSettings.read(reader);

    assertThat(reader.problems())
        .anySatisfy(problem -> assertThat(problem).startsWith("broke.node.chip: ").contains("M9"))
        .anySatisfy(problem -> assertThat(problem).contains("must begin with one of openai=, mlx="))
        .anySatisfy(problem -> assertThat(problem).contains("slots must be 1 to 9999"))
        .anySatisfy(problem -> assertThat(problem).contains("answer-tokens-min"))
        .anySatisfy(problem -> assertThat(problem).contains("models[0].parameters: must be like"))
        .anySatisfy(problem -> assertThat(problem).contains("models[1].id: appears twice"))
        .anySatisfy(problem -> assertThat(problem).contains("models[1].active-parameters"))
        .anySatisfy(problem -> assertThat(problem).contains("models[1].tier"))
        .anySatisfy(problem -> assertThat(problem).contains("models[1].colour: is unknown"))
        .hasSize(9);
  }

  @Test
  void makesWhatIsConfigured() throws Exception {
    var settings =
        NodeRuntimeSettings.read(
            reader("runtimes = [\"openai=http://127.0.0.1:1\"]\nsimulated.enabled = true"));
    var hardware = new Hardware(Chip.parse("M1").orElseThrow(), 1L << 34, 0, 8);

    var runtimes = Runtimes.fromSettings(settings, place(hardware));

    assertThat(runtimes).extracting(ModelRuntime::name).containsExactly("openai", "simulated");
    for (var runtime : runtimes) {
      runtime.close().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void missesTheKeyOfAServer() {
    var settings = NodeRuntimeSettings.read(reader("runtimes = [\"openai=http://x,key-env=K\"]"));
    var hardware = new Hardware(Chip.parse("M1").orElseThrow(), 1L << 34, 0, 8);

    assertThatThrownBy(() -> Runtimes.fromSettings(settings, place(hardware)))
        .hasMessageContaining("environment variable is not set: K");
  }

  private RuntimePlace place(Hardware hardware) {
    var ledger = new MemoryLedger(new MemoryLimit(1L << 34, 1L << 33));
    return new RuntimePlace(hardware, Map.of(), folder, new SimpleMeterRegistry(), ledger);
  }

  private static SettingsReader reader(String node) {
    return new SettingsReader(
        ConfigFactory.parseString("broke.node {\n" + node + "\n}")
            .withFallback(ConfigFactory.defaultReference())
            .resolve());
  }
}
