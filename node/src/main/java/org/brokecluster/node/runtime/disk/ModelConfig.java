package org.brokecluster.node.runtime.disk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A model's {@code config.json} as far as it matters here. Figures of models that also see or hear
 * are in a section for text; both places are looked at. Pure.
 */
public final class ModelConfig {
  private static final List<String> TEXT_SECTIONS =
      List.of("text_config", "llm_config", "language_config", "thinker_config");
  private static final List<String> CONTEXT =
      List.of(
          "max_position_embeddings",
          "model_max_length",
          "max_sequence_length",
          "max_seq_len",
          "n_positions",
          "seq_length",
          "n_ctx");
  private static final int CONTEXT_MAX = 100_000_000;

  private final JsonNode root;
  private final JsonNode text;

  /** Of a whole {@code config.json}. */
  public ModelConfig(JsonNode root) {
    this.root = root;
    this.text =
        TEXT_SECTIONS.stream()
            .map(root::path)
            .filter(JsonNode::isObject)
            .findFirst()
            .map(section -> inner(section))
            .orElse(MissingNode.getInstance());
  }

  /** Some wrap the section once more. */
  private static JsonNode inner(JsonNode section) {
    var deeper = section.path("text_config");
    return deeper.isObject() ? deeper : section;
  }

  /** The architecture by the name that mlx-lm goes by; empty if it is not told. */
  public String modelType() {
    return root.path("model_type").asText("");
  }

  /** Architecture of the part that writes text. */
  String textType() {
    var inner = text.path("model_type").asText("");
    return inner.isEmpty() ? modelType() : inner;
  }

  /** A field of the section for text, or else of the whole. */
  JsonNode field(String name) {
    var inner = text.path(name);
    return inner.isMissingNode() || inner.isNull() ? root.path(name) : inner;
  }

  /** A whole number above 0, if there is one. */
  OptionalInt number(String... names) {
    for (var name : names) {
      var value = field(name);
      if (value.canConvertToInt() && value.asInt() > 0) {
        return OptionalInt.of(value.asInt());
      }
    }
    return OptionalInt.empty();
  }

  /** Longest prompt plus answer the model was made for. */
  public OptionalInt contextLength() {
    var found = number(CONTEXT.toArray(String[]::new));
    return found.isPresent() && found.getAsInt() <= CONTEXT_MAX ? found : OptionalInt.empty();
  }

  /** Such as {@code 4bit} or {@code mxfp4}; {@code bf16} and the like where it is not quantised. */
  public Optional<String> quantization() {
    var section = quantizationSection();
    var mode = section.path("mode").asText("");
    int bits = section.path("bits").asInt(0);
    if (mode.startsWith("mxfp") || mode.startsWith("nvfp")) {
      return Optional.of(mode);
    }
    if (bits > 0 && bits <= 32) {
      return Optional.of(bits + "bit");
    }
    var method = section.path("quant_method").asText("");
    if (!method.isEmpty() && method.length() < 20) {
      return Optional.of(method);
    }
    return switch (field("torch_dtype").asText(field("dtype").asText(""))) {
      case "bfloat16" -> Optional.of("bf16");
      case "float16" -> Optional.of("fp16");
      case "float32" -> Optional.of("fp32");
      default -> Optional.empty();
    };
  }

  /** Weights that share a scale, 0 if the model is not quantised that way. */
  public int groupSize() {
    int size = quantizationSection().path("group_size").asInt(0);
    return size > 0 && size <= 4096 ? size : 0;
  }

  /** Experts used for each token and experts in all, where the model is a mixture. */
  public Optional<double[]> experts() {
    var used = number("num_experts_per_tok", "num_experts_per_token", "moe_topk", "moe_k");
    var all = number("num_experts", "n_routed_experts", "num_local_experts", "moe_num_experts");
    return used.isPresent() && all.isPresent() && all.getAsInt() >= used.getAsInt()
        ? Optional.of(new double[] {used.getAsInt(), all.getAsInt()})
        : Optional.empty();
  }

  private JsonNode quantizationSection() {
    for (var place : List.of(root, text)) {
      for (var name : List.of("quantization", "quantization_config")) {
        if (place.path(name).isObject()) {
          return place.path(name);
        }
      }
    }
    return MissingNode.getInstance();
  }
}
