package org.brokecluster.node.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.brokecluster.protocol.model.Api;
import org.junit.jupiter.api.Test;

class ResumeBodyTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CHAT =
      """
      {"model":"m","max_tokens":100,"x":{"kept":true},"messages":[{"role":"user","content":"hi"}]}
      """;

  @Test
  void showsAChatWhatWasSaidAndTakesItOffTheLimit() throws IOException {
    var body = json(ResumeBody.prefill(Api.CHAT, bytes(CHAT), "Gr\u00fc", 30));

    assertThat(body.at("/messages/1/role").asText()).isEqualTo("assistant");
    assertThat(body.at("/messages/1/content").asText()).isEqualTo("Gr\u00fc");
    assertThat(body.at("/messages")).hasSize(2);
    assertThat(body.at("/max_tokens").asInt()).isEqualTo(70);
    assertThat(body.at("/x/kept").asBoolean()).isTrue();
  }

  @Test
  void putsTheTextBehindACompletionsPromptAndEchoesNothingTwice() throws IOException {
    var body =
        json(
            ResumeBody.prefill(
                Api.COMPLETION, bytes("{\"prompt\":[\"one \"],\"echo\":true}"), "two", 1));

    assertThat(body.path("prompt").asText()).isEqualTo("one two");
    assertThat(body.has("echo")).isFalse();
  }

  @Test
  void asksForTheRestInWordsAndLeavesAtLeastOneToken() throws IOException {
    var body = json(ResumeBody.prompted(bytes(CHAT), "and so it", 500));

    assertThat(body.at("/messages")).hasSize(3);
    assertThat(body.at("/messages/2/role").asText()).isEqualTo("user");
    assertThat(body.at("/messages/2/content").asText()).endsWith("and so it");
    assertThat(body.at("/max_tokens").asInt()).isEqualTo(1);
  }

  @Test
  void refusesABodyThatIsNoObjectWithoutRepeatingIt() {
    assertThatThrownBy(() -> ResumeBody.prefill(Api.CHAT, bytes("[\"secret\"]"), "x", 1))
        .isInstanceOf(IOException.class)
        .hasMessageNotContaining("secret");
  }

  private static JsonNode json(byte[] bytes) throws IOException {
    return JSON.readTree(bytes);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
