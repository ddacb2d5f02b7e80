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
   * @param facts what is known of the server
   * @param resident name on the wire of the model that is known to be loaded, or null
   * @throws IOException if it is no list of models
   */
  List<ServedModel> read(byte[] json, ServerFacts facts, @Nullable String resident)
      throws IOException {
    var root = json.length == 0 ? JsonNodeFactory.instance.objectNode() : MAPPER.readTree(json);
    // mlx_lm.server sends an empty body where it has no cache folder.
    var data = root.path("data");
    if (json.length > 0 && !data.isArray()) {
      throw new IOException("the answer to /v1/models has no list \"data\"");
    }
    var models = new ArrayList<ServedModel>();
    var taken = new HashSet<ModelId>();
    var wireNames = new HashSet<String>();
    for (var entry : data) {
      var wireName = entry.path("id").asText("");
      boolean wanted = !wireName.isBlank() && spec.model().map(wireName::equals).orElse(true);
      if (wanted && wireNames.add(wireName)) {
        var id = publicId(wireName, taken);
        if (taken.add(id)) {
          models.add(served(id, wireName, entry, facts, resident));
        }
      }
    }
    if (models.isEmpty() && spec.model().isPresent()) {
      var wireName = spec.model().get();
      var none = root.path("none");
      models.add(served(publicId(wireName, taken), wireName, none, facts, resident));
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

  private ServedModel served(
      ModelId id, String wireName, JsonNode entry, ServerFacts server, @Nullable String resident) {
    var meta = entry.path("meta");
    var note = server.models().getOrDefault(wireName, ServerFacts.ModelNote.NONE);
    var parameters =
        Optional.ofNullable(longOf(meta.path("n_params")))
            .or(() -> ModelSize.parametersIn(id.value()));
    var format =
        Quantization.inName(meta.path("ftype").asText(""))
            .or(() -> Optional.ofNullable(note.quantization()).flatMap(Quantization::inName))
            .or(() -> Quantization.inName(id.value()));
    var bytes = Optional.ofNullable(longOf(meta.path("size")));
    var facts =
        new ModelFacts(
            id,
            spec.tier().orElseGet(() -> TierBySize.of(parameters)),
            server.dialect().label(),
            false,
            parameters.orElse(null),
            format.map(Quantization::label).orElse(null),
            bytes.orElse(null),
            context(entry, server, note),
            slots(server),
            abilities(id, server, note));
    var size = size(id, parameters, format, bytes);
    var name = wireName(wireName, server.dialect());
    var state = state(entry, name, server.dialect(), note, resident);
    return new ServedModel(
        new RuntimeModel(facts, state, speed(size), null), name, server.dialect());
  }

  /**
   * mlx_lm.server keeps the model it was started with under a name of its own; the model's name
   * would make it load the same weights again.
   */
  private String wireName(String listed, Dialect dialect) {
    boolean started = isPath(listed) || spec.model().isPresent();
    return dialect == Dialect.MLX_LM && started ? MLX_DEFAULT_MODEL : listed;
  }

  private int slots(ServerFacts server) {
    if (spec.slots().isPresent()) {
      return spec.slots().getAsInt();
    }
    var told = server.slots();
    if (told != null) {
      return told;
    }
    return server.dialect().has(Habit.CONCURRENT) ? settings.defaultSlots() : 1;
  }

  /** Where a model stands; a server that does not say is taken at its word that it serves it. */
  private static ModelState state(
      JsonNode entry,
      String wireName,
      Dialect dialect,
      ServerFacts.ModelNote note,
      @Nullable String resident) {
    if (note.loaded() != null) {
      return note.loaded() ? ModelState.LOADED : ModelState.DISK;
    }
    if (dialect == Dialect.MLX_LM) {
      var loaded = resident == null ? MLX_DEFAULT_MODEL : resident;
      return wireName.equals(loaded) ? ModelState.LOADED : ModelState.DISK;
    }
    // llama-server in front of several models tells what each is doing.
    return switch (entry.path("status").path("value").asText("")) {
      case "unloaded", "sleeping" -> ModelState.DISK;
      case "loading", "downloading" -> ModelState.LOADING;
      case "failed" -> ModelState.FAILED;
      default -> ModelState.LOADED;
    };
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

  private static @Nullable Integer context(
      JsonNode entry, ServerFacts server, ServerFacts.ModelNote note) {
    if (note.contextLength() != null) {
      return note.contextLength();
    }
    if (server.contextLength() != null) {
      return server.contextLength();
    }
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

  /** What the server can do with this model: told, or known of its kind and the model's name. */
  private static Set<Ability> abilities(
      ModelId id, ServerFacts server, ServerFacts.ModelNote note) {
    var name = id.value().toLowerCase(Locale.ROOT);
    boolean embeds = note.embeds() == null ? EMBEDS.matcher(name).find() : note.embeds();
    if (embeds) {
      return Set.of(Ability.EMBEDDING);
    }
    var abilities = EnumSet.copyOf(server.dialect().abilities());
    var told = note.vision() == null ? server.vision() : note.vision();
    boolean sees = told == null ? SEES.matcher(name).find() : told;
    if (!sees) {
      abilities.remove(Ability.VISION);
    }
    if (server.rendersChats()) {
      abilities.add(Ability.CHAT_TEMPLATE);
    }
    return abilities;
  }

  private static @Nullable Long longOf(JsonNode node) {
    return node.canConvertToLong() && node.asLong() > 0 ? node.asLong() : null;
  }
}
