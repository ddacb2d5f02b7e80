package org.brokecluster.node.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubModelTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "mlx-community/Qwen3-4B-4bit,mlx-community/Qwen3-4B-4bit",
    "huggingface:mlx-community/Qwen3-4B-4bit,mlx-community/Qwen3-4B-4bit",
    "HF:a/b,a/b",
    "https://huggingface.co/a/b,a/b",
    "https://huggingface.co/a/b/,a/b",
    "hf.co/a/b,a/b",
    "https://huggingface.co/a/b/tree/v1.0,a/b@v1.0",
    "a/b@refs1,a/b@refs1",
    " a/b ,a/b"
  })
  void readsAModelHoweverItIsWritten(String text, String label) {
    assertThat(HubModel.parse(text).label()).isEqualTo(label);
  }

  @ParameterizedTest(name = "<{0}>")
  @ValueSource(
      strings = {
        "",
        "qwen",
        "a/b/c",
        "../b",
        "a/..",
        "a/b@../x",
        "a/b@",
        "https://evil.example/a/b",
        "a/b?x=1",
        "a/b c",
        "a--x/b",
        "a/b/tree/x/y",
        "/a/b"
      })
  void refusesWhatIsNoModelAndSaysHowOneIsWritten(String text) {
    assertThatThrownBy(() -> HubModel.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching(".*(OWNER/NAME|revision).*");
  }

  @Test
  void namesItsFolderAsTheToolsOfHuggingFaceDo() {
    assertThat(HubModel.parse("mlx-community/Qwen3-4B-4bit").folder())
        .isEqualTo("models--mlx-community--Qwen3-4B-4bit");
  }
}
