package org.brokecluster.node.runtime.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.brokecluster.node.runtime.RuntimeModel;
import org.brokecluster.node.runtime.TierBySize;
import org.brokecluster.node.runtime.openai.RuntimeSpec;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Speed;
import org.brokecluster.protocol.state.ModelFacts;
import org.brokecluster.shared.hardware.Chip;
import org.brokecluster.shared.hardware.ModelSize;
import org.brokecluster.shared.hardware.Quantization;
import org.brokecluster.shared.hardware.SpeedEstimate;
import org.jspecify.annotations.Nullable;

/** Puts together what Ollama tells of its models: on disk, in memory, and in detail. Pure. */
final class OllamaModels {
  private static final Pattern NOT_ALLOWED = Pattern.compile("[^\\x21-\\x7e]+");
  private static final long ASSUMED_PARAMETERS = 7_000_000_000L;
  private static final int ASSUMED_CONTEXT = 4096;
  private static final int LONGEST_ID = 200;
  private static final String ELSEWHERE =
      "runs on Ollama's machines, not on this one: prompts would leave the network";

  private final RuntimeSpec spec;
  private final OllamaSettings settings;
  private final Chip chip;

  OllamaModels(RuntimeSpec spec, OllamaSettings settings, Chip chip) {
    this.spec = spec;
    this.settings = settings;
    this.chip = chip;
  }

  /** Digests of the wanted models by their names. */
  Map<String, String> digests(JsonNode tags) {
    var digests = new HashMap<String, String>();
    for (var entry : tags.path("models")) {
      if (wanted(entry) && !isRemote(entry)) {
        digests.put(name(entry), entry.path("digest").asText(""));
      }
    }
    return digests;
  }

  /**
   * The models.
   *
   * @param tags answer to {@code /api/tags}
   * @param running answer to {@code /api/ps}
   * @param details what is known in detail, by name
   * @param logprobs whether this version gives log probabilities
   */
  List<OllamaModel> read(
      JsonNode tags, JsonNode running, Map<String, ModelDetails> details, boolean logprobs) {
    var loaded = new HashMap<String, JsonNode>();
    for (var entry : running.path("models")) {
      loaded.put(name(entry), entry);
    }
    var models = new ArrayList<OllamaModel>();
    for (var entry : tags.path("models")) {
      if (wanted(entry)) {
        var known = details.getOrDefault(name(entry), ModelDetails.UNKNOWN);
        models.add(model(entry, known, loaded.get(name(entry)), logprobs));
      }
    }
    return models;
  }

  private boolean wanted(JsonNode entry) {
    var name = name(entry);
    return !name.isBlank() && spec.model().map(name::equals).orElse(true);
  }

  private static String name(JsonNode entry) {
    return entry.path("name").asText(entry.path("model").asText(""));
  }

  /** A model of Ollama's cloud looks like a local one but for these. */
  private static boolean isRemote(JsonNode entry) {
    var name = name(entry);
    return entry.hasNonNull("remote_host")
        || entry.hasNonNull("remote_model")
        || name.endsWith("-cloud")
        || name.endsWith(":cloud");
  }

  private OllamaModel model(
      JsonNode entry, ModelDetails known, @Nullable JsonNode running, boolean logprobs) {
    var said = entry.path("details");
    var parameters =
        Optional.ofNullable(known.parameters())
            .or(() -> ModelSize.parametersIn(said.path("parameter_size").asText("")))
            .or(() -> ModelSize.parametersIn(name(entry)));
    var format =
        Quantization.inName(said.path("quantization_level").asText(""))
            .or(() -> Quantization.inName(name(entry)));
    long bytes = entry.path("size").asLong(0);
    int modelContext = known.contextLength() == null ? ASSUMED_CONTEXT : known.contextLength();
    boolean remote = isRemote(entry);
    int context = running == null ? 0 : Math.max(0, running.path("context_length").asInt(0));
    // All that it holds, its KV cache included.
    long resident = running == null ? 0 : running.path("size").asLong(0);
    var facts =
        new ModelFacts(
            id(name(entry)),
            spec.tier().orElseGet(() -> TierBySize.of(parameters)),
            RuntimeSpec.OLLAMA,
            false,
            parameters.orElse(null),
            format.map(Quantization::label).orElse(null),
            bytes > 0 ? bytes : null,
            Math.max(Math.min(modelContext, settings.contextMax()), context),
            spec.slots().orElse(settings.defaultSlots()),
            remote ? Set.of() : known.abilities(logprobs),
            resident > 0 ? resident : null);
    var state = running == null ? ModelState.DISK : ModelState.LOADED;
    var model =
        new RuntimeModel(
            facts,
            remote ? ModelState.UNSUPPORTED : state,
            speed(name(entry), parameters, format, bytes),
            remote ? ELSEWHERE : null);
    return new OllamaModel(
        model, name(entry), modelContext, context, known.thinks(), known.thinksByDegree());
  }

  private static ModelId id(String name) {
    var cleaned = NOT_ALLOWED.matcher(name).replaceAll("-");
    return ModelId.of(cleaned.substring(0, Math.min(LONGEST_ID, cleaned.length())));
  }

  private Speed speed(
      String name, Optional<Long> parameters, Optional<Quantization> format, long bytes) {
    long count = Math.max(1, parameters.orElse(ASSUMED_PARAMETERS));
    long active = Math.min(count, ModelSize.activeParametersIn(name).orElse(count));
    var size = ModelSize.of(count, active, format.orElse(Quantization.BF16));
    return SpeedEstimate.of(chip, new ModelSize(count, active, bytes > 0 ? bytes : size.bytes()))
        .speed();
  }
}
