package org.brokecluster.coordinator.cli.ask;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.brokecluster.coordinator.cli.client.FakeEdge;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChatCommandTest {
  private static final String PATH = "/v1/chat/completions";
  private static final Map<String, String> HEADERS =
      Map.of(
          "content-type", "text/event-stream",
          "x-broke-node", "studio-m2",
          "x-broke-model", "qwen",
          "x-broke-tier", "premium",
          "x-broke-quality", "0.41",
          "x-broke-quality-color", "yellow",
          "x-broke-quality-basis", "prior");

  private final FakeEdge edge = new FakeEdge();

  @AfterEach
  void close() {
    edge.close();
  }

  @Test
  void printsTheAnswerAsItComesAndWhoGaveIt() {
    edge.says(
        PATH,
        200,
        """
        : working

        data: {"model":"qwen","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}

        data: {"model":"qwen","choices":[{"index":0,"delta":{"content":"Because "},"finish_reason":null}]}

        data: {"model":"qwen","choices":[{"index":0,"delta":{"content":"of Rayleigh."},"finish_reason":null}]}

        data: {"model":"qwen","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

        data: {"model":"qwen","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13}}

        data: [DONE]

        """,
        HEADERS);

    int code = edge.run(new ChatCommand(), "--tier", "premium", "Why", "is the sky blue?");

    assertThat(code).isZero();
    assertThat(edge.out().strip()).isEqualTo("Because of Rayleigh.");
    assertThat(edge.err())
        .contains("[studio-m2 · qwen · premium · 🟡 0.41 (prior) look it over]")
        .contains("9 prompt and 4 answer tokens");
    assertThat(edge.asked)
        .singleElement()
        .asString()
        .contains("\"model\":\"auto\"")
        .contains("Why is the sky blue?")
        .contains("\"broke\":{\"tier\":\"premium\",\"explain\":true}")
        .contains("\"stream\":true")
        .contains("\"include_usage\":true");
  }

  @Test
  void namesAtTheEndWhoeverTheHeadersCouldNotName() {
    edge.says(
        PATH,
        """
        : waiting, place 1, about 3000 ms

        data: {"model":"qwen","choices":[{"index":0,"delta":{"content":"Blue."},"finish_reason":"stop"}]}

        data: {"model":"qwen","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":4},"broke":{"attempts":1,"node":"mini","model":"qwen","tier":"basic","quality":0.41,"quality_color":"yellow","quality_basis":"prior"}}

        data: [DONE]

        """);

    assertThat(edge.run(new ChatCommand(), "hi")).isZero();

    assertThat(edge.err())
        .containsSubsequence(
            "waiting, place 1, about 3000 ms",
            "[mini · qwen · basic · 🟡 0.41 (prior) look it over]");
  }

  @Test
  void saysWhatToDoWhereNobodyCouldBegin() {
    edge.says(
        PATH,
        """
        data: {"error":{"message":"no node offers a model yet","code":"model_not_found"}}

        """);

    assertThat(edge.run(new ChatCommand(), "hi")).isEqualTo(1);

    assertThat(edge.out()).isEmpty();
    assertThat(edge.err())
        .startsWith("no node offers a model yet; what is missing: ./broke status")
        .doesNotContain("not whole");
  }

  @Test
  void neverTakesABrokenStreamForAnAnswer() {
    edge.says(PATH, "data: {\"choices\":[{\"delta\":{\"content\":\"Half\"}}]}\n\n");

    assertThat(edge.run(new ChatCommand(), "hi")).isEqualTo(1);

    assertThat(edge.err()).contains("not whole: the stream ended before the answer did");
  }

  @Test
  void tellsTheErrorOfAStream() {
    edge.says(
        PATH,
        """
        data: {"choices":[{"delta":{"content":"Half"}}]}

        data: {"error":{"message":"the node was lost","type":"server_error"}}

        """);

    assertThat(edge.run(new ChatCommand(), "hi")).isEqualTo(1);

    assertThat(edge.err()).contains("not whole: the node was lost");
  }

  @Test
  void tellsWhyARequestWasRefused() {
    edge.says(
        PATH,
        404,
        "{\"error\":{\"message\":\"no model gpt-9; there are: a, b\",\"code\":\"model_not_found\"}}",
        Map.of());

    assertThat(edge.run(new ChatCommand(), "-m", "gpt-9", "hi")).isEqualTo(1);

    assertThat(edge.err()).contains("no model gpt-9; there are: a, b (HTTP 404");
  }

  @Test
  void waitsForTheWholeAnswerIfAsked() {
    edge.says(PATH, 200, "{\"choices\":[{\"message\":{\"content\":\"Hello.\"}}]}", HEADERS);

    assertThat(edge.run(new ChatCommand(), "--no-stream", "--quiet", "hi")).isZero();

    assertThat(edge.out().strip()).isEqualTo("Hello.");
    assertThat(edge.err()).isEmpty();
    assertThat(edge.asked).singleElement().asString().doesNotContain("stream");
  }

  @Test
  void showsTheApiKeyOnlyToTheCluster() {
    edge.says(PATH, 200, "{\"choices\":[]}", Map.of());

    assertThat(edge.run(new ChatCommand(), "--json", "--api-key", "secret", "hi")).isZero();

    assertThat(edge.headersSeen).containsEntry("Authorization", "Bearer secret");
    assertThat(edge.out() + edge.err()).doesNotContain("secret");
  }

  @Test
  void refusesAnEmptyPrompt() {
    assertThat(edge.run(new ChatCommand(), "  ", "")).isEqualTo(2);

    assertThat(edge.err()).contains("the prompt is empty");
    assertThat(edge.asked).isEmpty();
  }
}
