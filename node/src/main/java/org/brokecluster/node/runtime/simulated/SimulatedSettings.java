package org.brokecluster.node.runtime.simulated;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.brokecluster.node.runtime.TierBySize;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.shared.config.SettingsReader;
import org.brokecluster.shared.hardware.ModelSize;
import org.brokecluster.shared.hardware.Quantization;

/**
 * The section {@code broke.node.simulated}.
 *
 * @param models models to play, empty unless enabled
 * @param timeScale how many times faster than a real machine, 0.01 to 100,000
 * @param tick how often time moves on, real time
 * @param answerMinTokens shortest natural answer
 * @param answerMaxTokens longest natural answer
 * @param answerLimitTokens longest answer at all, whatever a client asks for
 * @param kvTokensPerSlot tokens of KV cache that a loaded model reserves for each slot
 * @param prefixBlocks prompt blocks of 64 tokens remembered for each loaded model
 * @param maxGenerations answers running or waiting at once
 * @param allowRequestFaults whether {@code broke_fault} in a request is obeyed
 */
public record SimulatedSettings(
    boolean enabled,
    List<SimulatedModel> models,
    double timeScale,
    Duration tick,
    int answerMinTokens,
    int answerMaxTokens,
    int answerLimitTokens,
    int kvTokensPerSlot,
    int prefixBlocks,
    int maxGenerations,
    boolean allowRequestFaults) {
  private static final String SECTION = "broke.node.simulated.";
  private static final String DEFAULTS = SECTION + "model-defaults.";
  private static final Set<String> MODEL_KEYS =
      Set.of(
          "id",
          "tier",
          "parameters",
          "active-parameters",
          "quantization",
          "context-length",
          "resident",
          "slots");

  /** Copies the list. */
  public SimulatedSettings {
    models = List.copyOf(models);
  }

  /** Reads the section. */
  public static SimulatedSettings read(SettingsReader reader) {
    int min = reader.integer(SECTION + "answer-tokens-min", 1, 100_000);
    int max = reader.integer(SECTION + "answer-tokens-max", 1, 100_000);
    if (min > max) {
      reader.problem(SECTION + "answer-tokens-min", "must not be above answer-tokens-max");
    }
    return new SimulatedSettings(
        reader.flag(SECTION + "enabled"),
        models(reader),
        reader.number(SECTION + "time-scale", 0.01, 100_000),
        reader.duration(SECTION + "tick", Duration.ofMillis(1), Duration.ofSeconds(1)),
        min,
        Math.max(min, max),
        reader.integer(SECTION + "answer-tokens-limit", 1, 1_000_000),
        reader.integer(SECTION + "kv-tokens-per-slot", 0, 10_000_000),
        reader.integer(SECTION + "prefix-blocks", 0, 10_000_000),
        reader.integer(SECTION + "max-generations", 1, 100_000),
        reader.flag(SECTION + "allow-request-faults"));
  }

  private static List<SimulatedModel> models(SettingsReader reader) {
    var defaults =
        ConfigFactory.parseMap(
            Map.of(
                "tier", "",
                "active-parameters", "",
                "quantization", reader.text(DEFAULTS + "quantization"),
                "context-length", reader.integer(DEFAULTS + "context-length", 256, 100_000_000),
                "resident", reader.flag(DEFAULTS + "resident"),
                "slots", reader.integer(DEFAULTS + "slots", 1, 1024)));
    var models = new ArrayList<SimulatedModel>();
    var ids = new HashSet<ModelId>();
    int number = 0;
    for (var config : reader.configs(SECTION + "models")) {
      var prefix = SECTION + "models[" + number++ + "].";
      var entry = new SettingsReader(config.withFallback(defaults));
      refuseUnknownKeys(entry, config);
      var model = model(entry);
      if (!ids.add(model.id())) {
        entry.problem("id", "appears twice: " + model.id());
      }
      entry.problems().forEach(problem -> passOn(problem, prefix, reader));
      models.add(model);
    }
    return models;
  }

  private static void passOn(String problem, String prefix, SettingsReader reader) {
    int colon = problem.indexOf(": ");
    reader.problem(prefix + problem.substring(0, colon), problem.substring(colon + 2));
  }

  private static void refuseUnknownKeys(SettingsReader entry, Config config) {
    for (var key : config.root().keySet()) {
      if (!MODEL_KEYS.contains(key)) {
        entry.problem(key, "is unknown, known are " + MODEL_KEYS.stream().sorted().toList());
      }
    }
  }

  private static SimulatedModel model(SettingsReader entry) {
    long parameters = entry.parsed("parameters", SimulatedSettings::count, 1_000_000_000L);
    long active =
        entry.optionalText("active-parameters").isEmpty()
            ? parameters
            : entry.parsed("active-parameters", SimulatedSettings::count, parameters);
    if (active > parameters) {
      entry.problem("active-parameters", "must not be above parameters");
      active = parameters;
    }
    return new SimulatedModel(
        entry.parsed("id", ModelId::of, ModelId.of("unnamed")),
        entry.parsed("tier", tierOr(TierBySize.of(Optional.of(parameters))), Tier.BALANCED),
        parameters,
        active,
        entry.parsed("quantization", SimulatedSettings::format, Quantization.BF16),
        entry.integer("context-length", 256, 100_000_000),
        entry.flag("resident"),
        entry.integer("slots", 1, 1024));
  }

  private static Function<String, Tier> tierOr(Tier ifEmpty) {
    return text ->
        text.isBlank()
            ? ifEmpty
            : Tier.parse(text)
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "must be basic, balanced or premium, is \"" + text + "\""));
  }

  private static long count(String text) {
    return ModelSize.parametersIn(text)
        .orElseThrow(
            () -> new IllegalArgumentException("must be like 4B or 0.6B, is \"" + text + "\""));
  }

  private static Quantization format(String text) {
    return Quantization.inName(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "must be like 4bit, 8bit, bf16 or mxfp4, is \"" + text + "\""));
  }
}
