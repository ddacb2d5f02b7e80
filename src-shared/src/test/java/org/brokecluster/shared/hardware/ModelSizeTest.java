package org.brokecluster.shared.hardware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelSizeTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "mlx-community/Qwen3-0.6B-4bit,600000000",
    "qwen2.5:7b-instruct-q4_K_M,7000000000",
    "Mixtral-8x7B-Instruct,56000000000",
    "Qwen3-30B-A3B-8bit,30000000000",
    "gemma-3-270m-it,270000000",
    "llama3.3:70b,70000000000",
    "32.8B,32800000000"
  })
  void readsTheParametersANameStates(String name, long parameters) {
    assertThat(ModelSize.parametersIn(name)).contains(parameters);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"gpt-4o", "phi-4", "deepseek-chat", "model-4bit", "Q4_K_M", "3bm"})
  void readsNoParametersWhereNoneAreStated(String name) {
    assertThat(ModelSize.parametersIn(name)).isEmpty();
  }

  @Test
  void readsTheActivePartOfAMixture() {
    assertThat(ModelSize.activeParametersIn("Qwen3-30B-A3B-4bit")).contains(3_000_000_000L);
    assertThat(ModelSize.activeParametersIn("Qwen3-32B")).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "Qwen3-4B-4bit,4bit,4.5",
    "tiny.Q4_K_M.gguf,Q4_K_M,4.5",
    "qwen2.5:7b-instruct-q8_0,q8_0,8.5",
    "Qwen3-4B-bf16,bf16,16",
    "gpt-oss-20b-MXFP4,MXFP4,4.25",
    "model-IQ3_XS,IQ3_XS,3.5",
    "F16,F16,16"
  })
  void readsTheFormatOfTheWeights(String name, String label, double bits) {
    assertThat(Quantization.inName(name)).contains(new Quantization(label, bits));
  }

  @Test
  void findsNoFormatWhereNoneIsNamed() {
    assertThat(Quantization.inName("Qwen3-4B")).isEmpty();
  }

  @Test
  void refusesMoreActiveWeightsThanThereAre() {
    assertThatThrownBy(() -> new ModelSize(1, 2, 1)).hasMessageContaining("active=2");
  }
}
