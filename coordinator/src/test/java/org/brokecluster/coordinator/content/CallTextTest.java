package org.brokecluster.coordinator.content;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Map;
import java.util.Random;
import org.brokecluster.coordinator.collect.PackedText;
import org.brokecluster.protocol.history.ContentProtocol;
import org.brokecluster.protocol.node.TokenChunk;
import org.junit.jupiter.api.Test;

class CallTextTest {
  @Test
  void tellsWhatWasAskedAnsweredAndDecided() throws IOException {
    var answer = new AnswerText(1000);
    answer.add(TokenChunk.reasoning("hmm"));
    answer.add(TokenChunk.content("four"));
    answer.add(new TokenChunk(TokenChunk.Kind.TOOL_CALL, 0, "c1", "add", "{\"a\":"));
    answer.add(new TokenChunk(TokenChunk.Kind.TOOL_CALL, 0, null, null, "2}"));
    var recorded =
        RecordedSample.of(
            RecordedSample.chat("2+2?"),
            Map.of("x-broke-user", "olga", "x-broke-role", "r"),
            answer);

    var text = CallText.of(recorded, 1000);

    assertThat(text.id()).isEqualTo("r-1");
    assertThat(text.source()).isEqualTo("agent");
    assertThat(text.user()).isEqualTo("olga");
    var json = PackedText.unpack(text.packed());
    assertThat(json.path("messages")).hasToString("[{\"role\":\"user\",\"content\":\"2+2?\"}]");
    assertThat(json.path("answer").asText()).isEqualTo("four");
    assertThat(json.path("reasoning").asText()).isEqualTo("hmm");
    assertThat(json.path("tool_calls"))
        .hasToString("[{\"name\":\"add\",\"arguments\":\"{\\\"a\\\":2}\"}]");
    assertThat(json.path("model").asText()).isEqualTo("m-1");
    assertThat(json.path("total_ms").asInt()).isEqualTo(900);
    assertThat(json.path("dimensions").has("prompt_complexity")).isTrue();
    assertThat(json.has("cut")).isFalse();
    assertThat(json.has("olga")).isFalse();
    assertThat(text + " " + recorded).doesNotContain("olga", "2+2", "four");
  }

  @Test
  void keepsTheLatestOfALongConversation() throws IOException {
    var body =
        "{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"aaaaaaaaaa\"},"
            + "{\"role\":\"assistant\",\"content\":\"bbbb\"},"
            + "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"cc\"},"
            + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AAAA\"}}]}]}";
    var recorded = RecordedSample.of(body, Map.of(), new AnswerText(10));

    var json = PackedText.unpack(CallText.of(recorded, 17).packed());

    assertThat(json.path("messages").findValuesAsText("content"))
        .containsExactly("aaa", "bbbb", "cc\n[image]");
    assertThat(json.path("cut").asBoolean()).isTrue();
  }

  @Test
  void whatCannotBePackedSmallIsCutUntilItFits() throws IOException {
    var random = new Random(1);
    var noise = new StringBuilder();
    for (int i = 0; i < 400_000; i++) {
      noise.append((char) ('\u4e00' + random.nextInt(20_000)));
    }
    var recorded =
        RecordedSample.of(RecordedSample.chat(noise.toString()), Map.of(), new AnswerText(10));

    var text = CallText.of(recorded, 1_000_000);

    assertThat(text.packed().length).isLessThanOrEqualTo(ContentProtocol.PACKED_MAX);
    JsonNode json = PackedText.unpack(text.packed());
    assertThat(json.path("messages").path(0).path("content").asText()).hasSizeGreaterThan(20_000);
    assertThat(json.path("cut").asBoolean()).isTrue();
  }

  @Test
  void noCharacterIsCutInHalf() throws IOException {
    var answer = new AnswerText(4);
    answer.add(TokenChunk.content("abc\uD83D"));
    answer.add(TokenChunk.content("\uDE42"));
    var recorded = RecordedSample.of(RecordedSample.chat("ab\uD83D\uDE42"), Map.of(), answer);

    var json = PackedText.unpack(CallText.of(recorded, 3).packed());

    assertThat(json.path("messages").path(0).path("content").asText()).isEqualTo("ab");
    assertThat(json.path("answer").asText()).isEqualTo("abc");
    assertThat(PackedText.unpack(CallText.of(recorded, 4).packed()).path("answer").asText())
        .isEqualTo("abc");
  }

  @Test
  void anAnswerIsWrittenDownUpToItsLength() {
    var answer = new AnswerText(5);
    answer.add(TokenChunk.content("abc"));
    answer.add(TokenChunk.content("def"));
    answer.add(TokenChunk.content("ghi"));

    assertThat(answer.content()).isEqualTo("abcde");
    assertThat(answer.isCut()).isTrue();
    answer.clear();
    answer.add(TokenChunk.content("x"));
    assertThat(answer.content()).isEqualTo("x");
    assertThat(answer.isCut()).isFalse();
  }
}
