package org.brokecluster.node.runtime.disk;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.shared.hardware.ModelSize;
import org.jspecify.annotations.Nullable;

/**
 * What a folder in the format of Hugging Face tells about its model.
 *
 * @param architecture {@code model_type}, empty if it is not told
 * @param bytes of the files of weights
 * @param activeParameters weights read for each token, if known
 * @param cache KV cache, if it can be derived
 * @param problem why it cannot be loaded, or null
 */
public record MlxModelFolder(
    ModelFolder folder,
    String architecture,
    long bytes,
    Optional<Long> parameters,
    Optional<Long> activeParameters,
    Optional<String> quantization,
    OptionalInt contextLength,
    Optional<KvCacheSize> cache,
    Set<Ability> abilities,
    @Nullable Problem problem) {
  private static final long CONFIG_MAX = 16L << 20;
  private static final long TOKENIZER_MAX = 32L << 20;
  private static final Pattern EMBEDS =
      Pattern.compile("embed|rerank|(^|[/_-])(bge|gte|e5)[-_]", Pattern.CASE_INSENSITIVE);
  private static final List<String> TOKENIZERS =
      List.of("tokenizer.json", "tokenizer.model", "tokenizer_config.json", "vocab.json");

  /**
   * Why a model cannot be loaded.
   *
   * @param state {@code FAILED} if it could be mended, {@code UNSUPPORTED} if not
   */
  public record Problem(ModelState state, String reason) {}

  /** Whether it holds GGUF files only, which another runtime may serve. */
  public boolean isGguf() {
    return problem != null && problem.reason().startsWith(WeightFiles.GGUF);
  }

  /** Reads a folder. Blocks on the disk; never fails: what is wrong is part of the answer. */
  public static MlxModelFolder read(ModelFolder folder) {
    try {
      var config = JsonFiles.object(folder.path().resolve("config.json"), CONFIG_MAX);
      return read(folder, new ModelConfig(config));
    } catch (IOException | RuntimeException e) {
      return without(folder, e.getMessage());
    }
  }

  private static MlxModelFolder read(ModelFolder folder, ModelConfig config) {
    var weights = WeightFiles.of(folder, config.groupSize());
    var parameters = weights.parameters().or(() -> ModelSize.parametersIn(folder.name()));
    return new MlxModelFolder(
        folder,
        config.modelType(),
        weights.bytes(),
        parameters,
        active(folder.name(), parameters, config),
        config.quantization(),
        config.contextLength(),
        KvCacheSize.of(config),
        abilities(folder),
        problem(folder, config, weights));
  }

  /** Without a config it is an adapter, something else, or not there yet. */
  private static MlxModelFolder without(ModelFolder folder, @Nullable String why) {
    var weights = WeightFiles.of(folder, 0);
    Problem problem;
    if (Files.isRegularFile(folder.path().resolve("adapter_config.json"))) {
      problem = unsupported("it is an adapter, not a whole model");
    } else if (weights.problem() != null && !weights.problem().incomplete()) {
      problem = unsupported(weights.problem().reason());
    } else {
      problem = failed(String.valueOf(why), folder);
    }
    return new MlxModelFolder(
        folder,
        "",
        weights.bytes(),
        ModelSize.parametersIn(folder.name()),
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        Set.of(),
        problem);
  }

  private static @Nullable Problem problem(
      ModelFolder folder, ModelConfig config, WeightFiles weights) {
    var wrong = weights.problem();
    if (wrong != null) {
      return wrong.incomplete() ? failed(wrong.reason(), folder) : unsupported(wrong.reason());
    }
    if (config.modelType().isEmpty()) {
      return unsupported("config.json names no model_type");
    }
    if (EMBEDS.matcher(folder.name()).find()) {
      return unsupported("it makes embeddings, which mlx_lm.server does not serve");
    }
    boolean tokenizer =
        TOKENIZERS.stream().anyMatch(name -> Files.isRegularFile(folder.path().resolve(name)));
    return tokenizer ? null : failed("the tokenizer's files are missing", folder);
  }

  private static Problem failed(String reason, ModelFolder folder) {
    var what = folder.cache().isPresent() ? "; ./broke pull " + folder.name() + " mends it" : "";
    return new Problem(ModelState.FAILED, reason + what);
  }

  private static Problem unsupported(String reason) {
    return new Problem(ModelState.UNSUPPORTED, reason);
  }

  /** A mixture's name often tells; else the share of experts used, which is a little too high. */
  private static Optional<Long> active(String name, Optional<Long> parameters, ModelConfig config) {
    var named = ModelSize.activeParametersIn(name);
    if (named.isPresent() && parameters.isPresent() && named.get() <= parameters.get()) {
      return named;
    }
    return parameters.map(
        all ->
            config
                .experts()
                .map(experts -> Math.max(1, Math.round(all * experts[0] / experts[1])))
                .orElse(all));
  }

  /** What the server makes of a request depends on the model's template. */
  private static Set<Ability> abilities(ModelFolder folder) {
    var abilities = EnumSet.of(Ability.COMPLETION, Ability.SEED);
    var template = template(folder);
    if (!template.isEmpty()) {
      abilities.add(Ability.CHAT);
      if (template.toLowerCase(Locale.ROOT).contains("tools")) {
        abilities.add(Ability.TOOLS);
      }
    }
    return abilities;
  }

  private static String template(ModelFolder folder) {
    try {
      var file = folder.path().resolve("chat_template.jinja");
      if (Files.isRegularFile(file) && Files.size(file) <= TOKENIZER_MAX) {
        return Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
      }
      var json = folder.path().resolve("chat_template.json");
      var tokenizer = folder.path().resolve("tokenizer_config.json");
      return text(json) + text(tokenizer);
    } catch (IOException | RuntimeException e) {
      return "";
    }
  }

  /** The template is a text, or a list of named ones. */
  private static String text(java.nio.file.Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return "";
    }
    JsonNode template = JsonFiles.object(file, TOKENIZER_MAX).path("chat_template");
    return template.isTextual() ? template.asText() : template.isArray() ? template.toString() : "";
  }
}
