package org.brokecluster.node.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PullSelectionTest {
  private static final BlobHash HASH = new BlobHash(BlobHash.Kind.GIT, "0".repeat(40));

  @Test
  void takesTheWeightsThatCanBeRunHereAndNoSecondCopy() throws PullException {
    assertThat(
            chosen(
                "config.json",
                "model-00001-of-00002.safetensors",
                "model-00002-of-00002.safetensors",
                "model.safetensors.index.json",
                "consolidated.safetensors",
                "original/params.json",
                "pytorch_model.bin",
                "tf_model.h5",
                "model.gguf",
                "tokenizer.model",
                "chat_template.jinja",
                "picture.png"))
        .containsExactly(
            "config.json",
            "model-00001-of-00002.safetensors",
            "model-00002-of-00002.safetensors",
            "model.safetensors.index.json",
            "tokenizer.model",
            "chat_template.jinja");
  }

  @Test
  void takesTheOnlyGgufWithAllItsParts() throws PullException {
    assertThat(chosen("x-Q4_K_M-00001-of-00002.gguf", "x-Q4_K_M-00002-of-00002.gguf", "a.bin"))
        .containsExactly("x-Q4_K_M-00001-of-00002.gguf", "x-Q4_K_M-00002-of-00002.gguf");
  }

  @Test
  void takesTheVariantWithThePreferredQuantisation() throws PullException {
    assertThat(chosen("x-Q2_K.gguf", "x-Q4_0.gguf", "x-Q4_K_M.gguf", "x-Q8_0.gguf", "config.json"))
        .containsExactly("x-Q4_K_M.gguf", "config.json");
    assertThat(chosen("x-Q8_0.gguf", "x-Q4_0-00001-of-00002.gguf", "x-Q4_0-00002-of-00002.gguf"))
        .hasSize(2)
        .allMatch(path -> path.startsWith("x-Q4_0-"));
  }

  @Test
  void asksWhichOfSeveralVariantsIsWantedWhereNoneIsThePreferredOne() {
    assertThatThrownBy(() -> chosen("x-Q5_K_M.gguf", "x-Q8_0.gguf"))
        .hasMessageContaining("2 GGUF variants, none of them 4bit")
        .hasMessageContaining("--include")
        .hasMessageContaining("x-Q8_0.gguf");
  }

  @Test
  void takesWhatThePatternsSay() throws PullException {
    var files = files("x-Q4_K_M.gguf", "x-Q8_0.gguf", "sub/y.gguf", "config.json");

    assertThat(PullSelection.choose(files, List.of("*Q4_K_M*", "config.json"), "4bit"))
        .extracting(HubFile::path)
        .containsExactly("x-Q4_K_M.gguf", "config.json");
    assertThat(PullSelection.choose(files, List.of("sub/?.gguf"), "4bit"))
        .extracting(HubFile::path)
        .containsExactly("sub/y.gguf");
    assertThatThrownBy(() -> PullSelection.choose(files, List.of("*.onnx"), "4bit"))
        .hasMessageContaining("no file of the model matches *.onnx");
    assertThatThrownBy(() -> chosen("README.md")).hasMessageContaining("neither");
  }

  @ParameterizedTest(name = "<{0}>")
  @ValueSource(
      strings = {"../x", "/etc/passwd", "a//b", "a/../b", "a\\b", ".", "a/./b", "a\nb", "", "c:x"})
  void neverTakesAFileThatWouldBeElsewhere(String path) {
    assertThat(HubFile.isSafe(path)).isFalse();
    assertThatThrownBy(() -> new HubFile(path, 1, HASH)).hasMessageContaining("not a file");
    var json =
        "{\"sha\":\"%s\",\"siblings\":[{\"rfilename\":\"%s\",\"size\":1,\"blobId\":\"%s\"}]}"
            .formatted(
                "0".repeat(40), path.replace("\\", "\\\\").replace("\n", "\\n"), "0".repeat(40));
    assertThatThrownBy(() -> HubListing.parse(json.getBytes(StandardCharsets.UTF_8), 10))
        .hasMessageContaining("outside of the model's folder");
  }

  private static List<String> chosen(String... paths) throws PullException {
    return PullSelection.choose(files(paths), List.of(), "4bit").stream()
        .map(HubFile::path)
        .toList();
  }

  private static List<HubFile> files(String... paths) {
    return Stream.of(paths).map(path -> new HubFile(path, 1, HASH)).toList();
  }
}
