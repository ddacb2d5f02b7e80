package org.brokecluster.shared.hardware;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ModelFamilyTest {
  @ParameterizedTest
  @CsvSource({
    "mlx-community/Qwen3-8B-4bit, qwen3-8b",
    "Qwen/Qwen3-8B, qwen3-8b",
    "Qwen3-8B-Q4_K_M.gguf, qwen3-8b",
    "unsloth/Qwen3-8B-GGUF, qwen3-8b",
    "lmstudio-community/Qwen3-8B-MLX-8bit, qwen3-8b",
    "mlx-community/Meta-Llama-3.1-8B-Instruct-4bit, meta-llama-3.1-8b-instruct",
    "Qwen3-8B-UD-Q4_K_XL.gguf, qwen3-8b",
    "mlx-community/gpt-oss-20b-MXFP4-Q8, gpt-oss-20b",
    "llama3.2:3b-instruct-q4_K_M, llama3.2:3b-instruct",
    "llama3.2:3b, llama3.2:3b",
    "4bit, 4bit",
  })
  void leavesMakerQuantisationAndFormatOut(String name, String family) {
    assertThat(ModelFamily.of(name)).isEqualTo(family);
  }

  @Test
  void ordersVariantsByNearnessToTheWish() {
    var names =
        List.of("m-bf16", "m", "m-3bit", "m-8bit", "m-Q4_0.gguf", "m-5bit", "m-Q4_K_M.gguf");

    assertThat(names.stream().sorted(ModelFamily.nearestTo("4bit")).toList())
        .containsExactly(
            "m-Q4_K_M.gguf", "m-Q4_0.gguf", "m-5bit", "m-3bit", "m-8bit", "m-bf16", "m");
    assertThat(names.stream().sorted(ModelFamily.nearestTo("Q4_0")).toList())
        .startsWith("m-Q4_0.gguf", "m-Q4_K_M.gguf");
    assertThat(names.stream().sorted(ModelFamily.nearestTo("anything")).toList()).isEqualTo(names);
  }

  @Test
  void comparesBitsAndNotLabels() {
    assertThat(ModelFamily.sameBits("m-Q4_K_M.gguf", "4bit")).isTrue();
    assertThat(ModelFamily.sameBits("m-Q5_K_M.gguf", "4bit")).isFalse();
    assertThat(ModelFamily.sameBits("m", "4bit")).isFalse();
  }
}
