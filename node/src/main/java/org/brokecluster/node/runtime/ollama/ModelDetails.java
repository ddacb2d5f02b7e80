package org.brokecluster.node.runtime.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.brokecluster.protocol.model.Ability;
import org.jspecify.annotations.Nullable;

/**
 * What {@code /api/show} tells of a model and its digest never changes.
 *
 * @param parameters number of weights, or null
 * @param contextLength longest context in tokens, or null
 * @param capabilities Ollama's words, such as {@code tools}
 */
record ModelDetails(
    @Nullable Long parameters,
    @Nullable Integer contextLength,
    List<String> capabilities,
    String family) {
  /** A model that could not be asked about. */
  static final ModelDetails UNKNOWN = new ModelDetails(null, null, List.of("completion"), "");

  private static final String DEGREES = "gptoss";

  /** Reads an answer to {@code /api/show}. */
  static ModelDetails read(JsonNode shown) {
    var info = shown.path("model_info");
    var family = info.path("general.architecture").asText("");
    var count = info.path("general.parameter_count");
    var context = info.path(family + ".context_length");
    var capabilities = new ArrayList<String>();
    shown.path("capabilities").forEach(each -> capabilities.add(each.asText()));
    if (capabilities.isEmpty()) {
      // Older versions do not tell; the template does.
      capabilities.add("completion");
      if (shown.path("template").asText("").contains(".Tools")) {
        capabilities.add("tools");
      }
    }
    return new ModelDetails(
        count.canConvertToLong() && count.asLong() > 0 ? count.asLong() : null,
        context.canConvertToInt() && context.asInt() > 0 ? context.asInt() : null,
        List.copyOf(capabilities),
        family);
  }

  /**
   * What the model can do here.
   *
   * @param logprobs whether this version of Ollama gives log probabilities
   */
  Set<Ability> abilities(boolean logprobs) {
    if (!capabilities.contains("completion")) {
      return capabilities.contains("embedding") ? Set.of(Ability.EMBEDDING) : Set.of();
    }
    var abilities =
        EnumSet.of(
            Ability.CHAT,
            Ability.COMPLETION,
            Ability.JSON_SCHEMA,
            Ability.JSON_OBJECT,
            Ability.SEED);
    if (capabilities.contains("tools")) {
      abilities.add(Ability.TOOLS);
    }
    if (capabilities.contains("vision")) {
      abilities.add(Ability.VISION);
    }
    if (logprobs) {
      abilities.add(Ability.LOGPROBS);
    }
    return abilities;
  }

  /** Whether it can be told to think. */
  boolean thinks() {
    return capabilities.contains("thinking");
  }

  /** Whether it is told how much to think. */
  boolean thinksByDegree() {
    return family.equals(DEGREES);
  }
}
