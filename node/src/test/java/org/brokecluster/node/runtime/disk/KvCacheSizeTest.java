package org.brokecluster.node.runtime.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KvCacheSizeTest {
  private static final long KIB = 1024;

  /** Figures of public models' configs; Qwen3-30B-A3B, Llama-3.1-8B and so on. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "Qwen3-4B, 36, 32, 8, 128, 2560, 144",
    "Qwen3-30B-A3B, 48, 32, 4, 128, 2048, 96",
    "Qwen3-32B, 64, 64, 8, 128, 5120, 256",
    "Llama-3.1-8B, 32, 32, 8, , 4096, 128",
    "Llama-3.3-70B, 80, 64, 8, , 8192, 320"
  })
  void knowsWhatATokenTakes(
      String name, int layers, int heads, int kvHeads, Integer headSize, int hidden, long kib)
      throws Exception {
    var head = headSize == null ? "" : "'head_dim': " + headSize + ", ";
    var json =
        "{'num_hidden_layers': %d, 'num_attention_heads': %d, 'num_key_value_heads': %d, %s'hidden_size': %d}"
            .formatted(layers, heads, kvHeads, head, hidden);

    assertThat(size(json)).as(name).contains(new KvCacheSize(kib * KIB, 0));
  }

  @Test
  void slidingLayersStopGrowingAtTheWindow() throws Exception {
    var types = "'sliding_attention', 'full_attention', ".repeat(12);
    var gptOss =
        "{'model_type': 'gpt_oss', 'num_hidden_layers': 24, 'num_attention_heads': 64, 'num_key_value_heads': 8,"
            + "'head_dim': 64, 'hidden_size': 2880, 'sliding_window': 128, 'layer_types': ["
            + types.substring(0, types.length() - 2)
            + "]}";

    assertThat(size(gptOss)).contains(new KvCacheSize(24 * KIB, 12 * 2 * KIB * 128));
  }

  @Test
  void gemmaLooksAtEverythingInEachSixthLayer() throws Exception {
    var gemma =
        "{'model_type': 'gemma3', 'text_config': {'num_hidden_layers': 12, 'num_attention_heads': 8,"
            + "'num_key_value_heads': 4, 'head_dim': 256, 'sliding_window': 1024,"
            + "'sliding_window_pattern': 6}}";

    assertThat(size(gemma)).contains(new KvCacheSize(2 * 4 * KIB, 10 * 4 * KIB * 1024));
  }

  @Test
  void ofAHybridOnlyAQuarterOfTheLayersGrows() throws Exception {
    var qwen =
        "{'text_config': {'num_hidden_layers': 40, 'full_attention_interval': 4,"
            + "'num_attention_heads': 16, 'num_key_value_heads': 2, 'head_dim': 256,"
            + "'linear_num_value_heads': 32, 'linear_key_head_dim': 128, 'linear_value_head_dim': 128}}";

    assertThat(size(qwen)).contains(new KvCacheSize(10 * 2 * KIB, 30L * 32 * 128 * 128 * 4));
  }

  @Test
  void mambaLayersAreReadFromAPatternOrAList() throws Exception {
    var heads = "'num_attention_heads': 32, 'num_key_value_heads': 8, 'head_dim': 128";
    assertThat(
            size("{'num_hidden_layers': 8, 'hybrid_override_pattern': 'M-M*M-M*', " + heads + "}"))
        .contains(new KvCacheSize(2 * 4 * KIB, 0));
    assertThat(size("{'num_hidden_layers': 4, 'full_attn_idxs': [1], " + heads + "}"))
        .contains(new KvCacheSize(4 * KIB, 0));
    assertThat(
            size(
                "{'num_hidden_layers': 4, 'layer_types': ['mamba','mamba','attention','mamba'], "
                    + heads
                    + "}"))
        .contains(new KvCacheSize(4 * KIB, 0));
    assertThat(
            size(
                "{'num_hidden_layers': 8, 'attn_layer_period': 4, 'attn_layer_offset': 2, "
                    + heads
                    + "}"))
        .contains(new KvCacheSize(2 * 4 * KIB, 0));
  }

  @Test
  void compressedCachesAreKnownByTheArchitecture() throws Exception {
    var latent =
        "'num_hidden_layers': 61, 'num_attention_heads': 128, 'kv_lora_rank': 512,"
            + "'qk_rope_head_dim': 64, 'qk_nope_head_dim': 128, 'v_head_dim': 128}";

    assertThat(size("{'model_type': 'deepseek_v3', " + latent))
        .contains(new KvCacheSize(61L * (512 + 64) * 2, 0));
    assertThat(size("{'model_type': 'deepseek_v2', " + latent))
        .contains(new KvCacheSize(61L * 128 * (128 + 64 + 128) * 2, 0));
  }

  @Test
  void oneHeadServesAllWhereTheConfigSaysSo() throws Exception {
    assertThat(size("{'n_layer': 2, 'n_head': 16, 'n_embd': 2048, 'multi_query': true}"))
        .contains(new KvCacheSize(2 * 2 * 2 * 128, 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'num_hidden_layers': 4}",
        "{'num_hidden_layers': -4, 'num_attention_heads': 4, 'head_dim': 8}",
        "{'num_hidden_layers': 999999999, 'num_attention_heads': 4, 'head_dim': 8}",
        "{'num_hidden_layers': 'many', 'num_attention_heads': [], 'head_dim': {}}",
        "{'num_hidden_layers': 4, 'num_attention_heads': 64, 'hidden_size': 32}",
        "{'num_hidden_layers': 2, 'num_attention_heads': 4, 'head_dim': 8, 'layer_types': ['mamba', 'mamba']}",
        "{'text_config': {'text_config': 7}, 'num_hidden_layers': 1e300}"
      })
  void saysNothingWhereItCannotKnow(String config) throws Exception {
    assertThat(size(config)).isEmpty();
  }

  private static Optional<KvCacheSize> size(String json) throws IOException {
    var bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return KvCacheSize.of(new ModelConfig(JsonFiles.parse(bytes, "config.json")));
  }
}
