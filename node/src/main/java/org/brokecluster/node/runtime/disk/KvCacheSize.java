package org.brokecluster.node.runtime.disk;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * KV cache of one stream, derived from {@code config.json}: {@code 2 x layers x KV heads x head
 * size x 2 bytes} for each token, for the layers that look at everything. Layers with a sliding
 * window stop growing at the window; layers with a recurrent state do not grow at all. Pure.
 *
 * @param perToken bytes for each token
 * @param perStream bytes of each stream, whatever its length
 */
public record KvCacheSize(long perToken, long perStream) {
  private static final int BYTES = 2;
  private static final int STATE_BYTES = 4;
  private static final int LAYERS_MAX = 2048;

  /** These keep the compressed form in the cache; others of their kind unpack it first. */
  private static final Set<String> COMPRESSED =
      Set.of(
          "deepseek_v3",
          "deepseek_v32",
          "kimi_k2",
          "kimi_k25",
          "kimi_linear",
          "glm4_moe_lite",
          "glm_moe_dsa",
          "longcat_flash",
          "joyai_llm_flash");

  private enum Layer {
    FULL,
    SLIDING,
    RECURRENT
  }

  /** What can be derived, or nothing where the config leaves a figure out or makes no sense. */
  public static Optional<KvCacheSize> of(ModelConfig config) {
    var layers = layers(config);
    var perLayer = perLayer(config);
    if (layers.isEmpty() || perLayer.isEmpty()) {
      return Optional.empty();
    }
    long bytes = perLayer.get();
    long full = count(layers, Layer.FULL);
    if (full == 0 && count(layers, Layer.SLIDING) == 0) {
      return Optional.empty();
    }
    int window = config.number("sliding_window", "attention_chunk_size").orElse(0);
    long sliding = count(layers, Layer.SLIDING) * bytes * window;
    long recurrent = count(layers, Layer.RECURRENT) * state(config);
    return Optional.of(new KvCacheSize(full * bytes, sliding + recurrent));
  }

  private static long count(List<Layer> layers, Layer kind) {
    return layers.stream().filter(kind::equals).count();
  }

  /** Bytes of one token in one layer that looks at everything. */
  private static Optional<Long> perLayer(ModelConfig config) {
    var heads = config.number("num_attention_heads", "n_head", "n_heads", "num_heads");
    var latent = config.number("kv_lora_rank");
    if (latent.isPresent()) {
      int rope = config.number("qk_rope_head_dim").orElse(0);
      if (COMPRESSED.contains(config.textType()) || COMPRESSED.contains(config.modelType())) {
        return Optional.of((long) BYTES * (latent.getAsInt() + rope));
      }
      int nope = config.number("qk_nope_head_dim").orElse(0);
      int value = config.number("v_head_dim").orElse(0);
      return heads.isPresent() && nope + value > 0
          ? Optional.of((long) BYTES * heads.getAsInt() * (nope + rope + value))
          : Optional.empty();
    }
    var hidden = config.number("hidden_size", "n_embd", "d_model", "dim");
    if (heads.isEmpty()) {
      return Optional.empty();
    }
    int kvHeads =
        config.field("multi_query").asBoolean(false)
            ? 1
            : config
                .number("num_key_value_heads", "num_kv_heads", "n_kv_heads", "n_head_kv")
                .orElse(heads.getAsInt());
    var size = config.number("head_dim", "attention_head_dim", "kv_channels");
    if (size.isEmpty() && hidden.isEmpty()) {
      return Optional.empty();
    }
    int headSize = size.orElseGet(() -> hidden.orElse(0) / heads.getAsInt());
    return headSize > 0 ? Optional.of(2L * BYTES * kvHeads * headSize) : Optional.empty();
  }

  private static List<Layer> layers(ModelConfig config) {
    int count = config.number("num_hidden_layers", "n_layer", "num_layers", "n_layers").orElse(0);
    if (count < 1 || count > LAYERS_MAX) {
      return List.of();
    }
    var named = named(config, count);
    if (!named.isEmpty()) {
      return named;
    }
    var layers = new ArrayList<Layer>();
    for (int i = 0; i < count; i++) {
      layers.add(unnamed(config, i));
    }
    return layers;
  }

  /** Layers that the config lists one by one. */
  private static List<Layer> named(ModelConfig config, int count) {
    var layers = new ArrayList<Layer>();
    var types = config.field("layer_types");
    if (!types.isArray()) {
      types = config.field("layers_block_type");
    }
    if (types.isArray() && types.size() == count) {
      types.forEach(type -> layers.add(layer(type)));
      return layers;
    }
    var pattern = config.field("hybrid_override_pattern").asText("");
    if (pattern.length() == count) {
      pattern.chars().forEach(c -> layers.add(c == '*' ? Layer.FULL : Layer.RECURRENT));
      return layers;
    }
    var full = config.field("full_attn_idxs");
    if (full.isArray() && !full.isEmpty()) {
      var indexes = new ArrayList<Integer>();
      full.forEach(index -> indexes.add(index.asInt(-1)));
      for (int i = 0; i < count; i++) {
        layers.add(indexes.contains(i) ? Layer.FULL : Layer.RECURRENT);
      }
    }
    return layers;
  }

  private static Layer layer(JsonNode type) {
    var name = type.asText("").toLowerCase(Locale.ROOT);
    if (name.contains("sliding") || name.contains("chunked") || name.contains("local")) {
      return Layer.SLIDING;
    }
    boolean recurrent =
        name.contains("linear")
            || name.contains("mamba")
            || name.contains("conv")
            || name.contains("recurrent");
    return recurrent ? Layer.RECURRENT : Layer.FULL;
  }

  /** Layers that follow a rule: each nth one looks at everything. */
  private static Layer unnamed(ModelConfig config, int index) {
    var interval = config.number("full_attention_interval");
    if (interval.isPresent()) {
      return (index + 1) % interval.getAsInt() == 0 ? Layer.FULL : Layer.RECURRENT;
    }
    var period = config.number("attn_layer_period");
    if (period.isPresent()) {
      int offset = config.field("attn_layer_offset").asInt(0);
      return index % period.getAsInt() == offset ? Layer.FULL : Layer.RECURRENT;
    }
    var pattern = config.number("sliding_window_pattern", "_sliding_window_pattern");
    if (pattern.isPresent() && config.number("sliding_window").isPresent()) {
      return (index + 1) % pattern.getAsInt() == 0 ? Layer.FULL : Layer.SLIDING;
    }
    // A window without a rule is not always kept to; to count every layer in full is safe.
    return Layer.FULL;
  }

  /** State of a recurrent layer; 0 where the config does not tell, it is small. */
  private static long state(ModelConfig config) {
    long heads = config.number("linear_num_value_heads", "mamba_n_heads").orElse(0);
    long keys = config.number("linear_key_head_dim", "mamba_d_state").orElse(0);
    long values = config.number("linear_value_head_dim", "mamba_d_head").orElse(0);
    return heads * keys * values * STATE_BYTES;
  }
}
