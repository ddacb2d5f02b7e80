package org.brokecluster.node.runtime.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.brokecluster.protocol.node.TokenChunk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventTemplateTest {
  private static final String CHUNK =
      "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"},"
          + "\"finish_reason\":null}]}";

  private final EventTemplate template = new EventTemplate();

  @Test
  void takesTheTextOutOfAnEventThatDiffersInNothingElse() {
    learn(CHUNK.formatted("Hi"), TokenChunk.Kind.CONTENT, "Hi");

    assertThat(match(CHUNK.formatted(" grüße 🙂"))).isEqualTo(" grüße 🙂");
    assertThat(match(CHUNK.formatted("x"))).isEqualTo("x");
  }

  @ParameterizedTest(name = "<{0}>")
  @ValueSource(
      strings = {
        "a\\nb",
        "a\"",
        "\",\"content\":\"b",
        "",
        "a\",\"tool_calls\":[],\"x\":\"",
        "a\tb"
      })
  void leavesAnythingElseToTheParser(String text) {
    learn(CHUNK.formatted("Hi"), TokenChunk.Kind.CONTENT, "Hi");

    assertThat(match(CHUNK.formatted(text))).isNull();
  }

  @Test
  void leavesEventsToTheParserThatBeginOrEndOtherwise() {
    learn(CHUNK.formatted("Hi"), TokenChunk.Kind.CONTENT, "Hi");

    assertThat(match(CHUNK.formatted("a").replace("null", "\"stop\""))).isNull();
    assertThat(match(CHUNK.formatted("a").replace("\"c\"", "\"d\""))).isNull();
    assertThat(match("{}")).isNull();
  }

  @Test
  void learnsOtherShapes() {
    var mlx = "{\"choices\": [{\"delta\": {\"role\": \"assistant\", \"reasoning\": \"%s\"}}]}";
    learn(mlx.formatted("Hm"), TokenChunk.Kind.REASONING, "Hm");
    assertThat(match(mlx.formatted(" so"))).isEqualTo(" so");
    assertThat(template.kind()).isEqualTo(TokenChunk.Kind.REASONING);

    var text = "{\"choices\":[{\"text\":\"%s\",\"index\":0}]}";
    learn(text.formatted("a"), TokenChunk.Kind.CONTENT, "a");
    assertThat(match(text.formatted("b"))).isEqualTo("b");
  }

  @Test
  void doesNotLearnWhatIsAmbiguousOrEscaped() {
    var twice = "{\"x\":{\"content\":\"a\"},\"content\":\"a\"}";
    learn(twice, TokenChunk.Kind.CONTENT, "a");
    assertThat(match(twice)).isNull();

    learn(CHUNK.formatted("a\\nb"), TokenChunk.Kind.CONTENT, "a\nb");
    assertThat(match(CHUNK.formatted("c"))).isNull();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void neverDisagreesWithTheParser(long seed) throws Exception {
    var random = new Random(seed);
    var reader = new EventReader();
    var parts = List.of("a", "\\\"", "\\n", "é", " ", "\\u0041", "{", "}", ",", ":");
    for (int i = 0; i < 500; i++) {
      var text = new StringBuilder();
      random.ints(random.nextInt(6), 0, parts.size()).forEach(n -> text.append(parts.get(n)));
      var bytes = CHUNK.formatted(text).getBytes(StandardCharsets.UTF_8);
      reader.read(bytes, 0, bytes.length);

      var matched = template.match(bytes, 0, bytes.length);

      if (matched != null) {
        assertThat(matched).isEqualTo(reader.content());
      }
      template.learn(bytes, 0, bytes.length, TokenChunk.Kind.CONTENT, reader.content());
    }
  }

  private void learn(String event, TokenChunk.Kind kind, String text) {
    var bytes = event.getBytes(StandardCharsets.UTF_8);
    template.learn(bytes, 0, bytes.length, kind, text);
  }

  private String match(String event) {
    var bytes = event.getBytes(StandardCharsets.UTF_8);
    return template.match(bytes, 0, bytes.length);
  }
}
