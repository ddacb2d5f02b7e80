package org.brokecluster.node.runtime.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.brokecluster.node.runtime.RuntimeModel;
import org.brokecluster.node.runtime.TierBySize;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Speed;
import org.brokecluster.protocol.state.ModelFacts;
import org.brokecluster.shared.hardware.Chip;
import org.brokecluster.shared.hardware.ModelSize;
import org.brokecluster.shared.hardware.Quantization;
import org.brokecluster.shared.hardware.SpeedEstimate;
import org.jspecify.annotations.Nullable;

/**
 * Reads the answer to {@code GET /v1/models} of any kind of server: llama-server tells size and
 * context under {@code meta}, vLLM the context as {@code max_model_len}, exo and mlx-knife as
 * {@code context_length}, mlx_lm.server nothing but ids. What is not told is read from the name.
 */
final class ModelListReader {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final Pattern NOT_ALLOWED = Pattern.compile("[^\\x21-\\x7e]+");
  private static final Pattern EMBEDS = Pattern.compile("embed|(^|[/_-])(bge|gte|e5)[-_]");
  private static final Pattern SEES =
      Pattern.compile("(^|[^a-z])(vl|vision|llava|pixtral)([^a-z]|$)|[0-9]vl([^a-z]|$)");
  private static final String MLX_SERVER = "BaseHTTP";
  private static final String MLX_DEFAULT_MODEL = "default_model";
  private static final long ASSUMED_PARAMETERS = 7_000_000_000L;
  private static final double ASSUMED_LOAD_SECONDS = 0;
  private static final int LONGEST_ID = 200;

  private final RuntimeSpec spec;
  private final OpenAiSettings settings;
  private final Chip chip;

  ModelListReader(RuntimeSpec spec, OpenAiSettings settings, Chip chip) {
    this.spec = spec;
    this.settings = settings;
    this.chip = chip;
  }

  /**
   * The models in a list.
   *
   * @param server the {@code Server} header, empty if there was none
   * @throws IOException if it is no list of models
   */
  List<ServedModel> read(byte[] json, String server) throws IOException {
    var root = json.length == 0 ? JsonNodeFactory.instance.objectNode() : MAPPER.readTree(json);
    // mlx_lm.server sends an empty body where it has no cache folder.
    var data = root.path("data");
    if (json.length > 0 && !data.isArray()) {
      throw new IOException("the answer to /v1/models has no list \"data\"");
    }
    boolean mlx = server.startsWith(MLX_SERVER);
    var models = new ArrayList<ServedModel>();
    var taken = new HashSet<ModelId>();
    var wireNames = new HashSet<String>();
    for (var entry : data) {
      var wireName = entry.path("id").asText("");
      boolean wanted = !wireName.isBlank() && spec.model().map(wireName::equals).orElse(true);
      if (wanted && wireNames.add(wireName)) {
        var id = publicId(wireName, taken);
        if (taken.add(id)) {
          models.add(served(id, wireName, entry, mlx));
        }
      }
    }
    if (models.isEmpty() && spec.model().isPresent()) {
      var wireName = spec.model().get();
      models.add(served(publicId(wireName, taken), wireName, root.path("none"), mlx));
    }
    return models;
  }

  /** The file's name for a path, without its directories; the whole where that name is taken. */
  private static ModelId publicId(String wireName, Set<ModelId> taken) {
    var name = wireName;
    if (isPath(wireName)) {
      name = wireName.replaceAll("/+$", "");
      name = name.substring(name.lastIndexOf('/') + 1);
    }
    var id = allowed(name.isEmpty() ? wireName : name);
    return taken.contains(id) ? allowed(wireName) : id;
  }

  private static ModelId allowed(String name) {
    var cleaned = NOT_ALLOWED.matcher(name).replaceAll("-");
    return ModelId.of(cleaned.substring(0, Math.min(LONGEST_ID, cleaned.length())));
  }

  private static boolean isPath(String wireName) {
    return wireName.startsWith("/");
  }

  private ServedModel served(ModelId id, String wireName, JsonNode entry, boolean mlx) {
    var meta = entry.path("meta");
    var parameters =
        Optional.ofNullable(longOf(meta.path("n_params")))
            .or(() -> ModelSize.parametersIn(id.value()));
    var format =
        Quantization.inName(meta.path("ftype").asText(""))
            .or(() -> Quantization.inName(id.value()));
    var bytes = Optional.ofNullable(longOf(meta.path("size")));
    boolean llama = entry.path("owned_by").asText("").equals("llamacpp");
    var facts =
        new ModelFacts(
            id,
            spec.tier().orElseGet(() -> TierBySize.of(parameters)),
            OpenAiRuntime.NAME,
            false,
            parameters.orElse(null),
            format.map(Quantization::label).orElse(null),
            bytes.orElse(null),
            context(entry),
            spec.slots().orElse(settings.defaultSlots()),
            abilities(id, mlx));
    var size = size(id, parameters, format, bytes);
    // An mlx_lm.server that was started with a folder keeps it under this name; the folder's own
    // name would make it load the same weights again.
    var name = mlx && isPath(wireName) ? MLX_DEFAULT_MODEL : wireName;
    return new ServedModel(
        new RuntimeModel(facts, ModelState.LOADED, speed(size), null), name, llama);
  }

  private ModelSize size(
      ModelId id, Optional<Long> parameters, Optional<Quantization> format, Optional<Long> bytes) {
    long count = Math.max(1, parameters.orElse(ASSUMED_PARAMETERS));
    long active = ModelSize.activeParametersIn(id.value()).orElse(count);
    var estimate = ModelSize.of(count, Math.min(count, active), format.orElse(Quantization.BF16));
    return new ModelSize(
        count, estimate.activeParameters(), Math.max(1, bytes.orElse(estimate.bytes())));
  }

  private Speed speed(ModelSize size) {
    var estimate = SpeedEstimate.of(chip, size);
    return new Speed(
        estimate.prefillTokensPerSecond(),
        estimate.decodeTokensPerSecond(),
        ASSUMED_LOAD_SECONDS,
        false);
  }

  private static @Nullable Integer context(JsonNode entry) {
    for (var value :
        List.of(
            entry.path("meta").path("n_ctx"),
            entry.path("max_model_len"),
            entry.path("context_length"),
            entry.path("max_context_length"))) {
      if (value.canConvertToInt() && value.asInt() > 0) {
        return value.asInt();
      }
    }
    return null;
  }

  /** What a server is trusted to do until it is probed; mlx_lm.server is known to ignore some. */
  private static Set<Ability> abilities(ModelId id, boolean mlx) {
    var name = id.value().toLowerCase(Locale.ROOT);
    if (EMBEDS.matcher(name).find()) {
      return Set.of(Ability.EMBEDDING);
    }
    var abilities = EnumSet.of(Ability.CHAT, Ability.COMPLETION, Ability.TOOLS, Ability.SEED);
    if (!mlx) {
      abilities.add(Ability.JSON_SCHEMA);
      abilities.add(Ability.LOGPROBS);
    }
    if (SEES.matcher(name).find()) {
      abilities.add(Ability.VISION);
    }
    return abilities;
  }

  private static @Nullable Long longOf(JsonNode node) {
    return node.canConvertToLong() && node.asLong() > 0 ? node.asLong() : null;
  }
}
