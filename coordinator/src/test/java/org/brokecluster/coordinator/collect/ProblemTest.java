package org.brokecluster.coordinator.collect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.brokecluster.coordinator.collect.Problem.Facts;
import org.junit.jupiter.api.Test;

class ProblemTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String CALL =
      """
      {"api": "chat", "asked": "auto", "messages": [
         {"role": "system", "content": "be brief"},
         {"role": "user", "content": "sort a list"}],
       "answer": "```python\\nsorted(a)\\n```", "model": "m-1", "node": "studio", "tier": "basic",
       "strategy": "balanced", "quality": 0.25, "quality_basis": "prior",
       "dimensions": {"prompt_complexity": 0.5}, "role": "coder", "finish": "stop",
       "prompt_tokens": 7, "completion_tokens": 9, "first_ms": 120, "total_ms": 2500}
      """;

  @Test
  void anAnswerHasTheFieldsOfAMultiPlEProblemAndOurs() throws Exception {
    var note = MAPPER.readTree("{\"reason\": \"too short\", \"tests\": \"assert True\"}");

    var line =
        Problem.line(new Facts("r-1", 1_795_248_000_000L, "agent", "u-7", 4, note), text(CALL));

    assertThat(line.fieldNames())
        .toIterable()
        .containsExactly(
            "name",
            "language",
            "prompt",
            "doctests",
            "original",
            "prompt_terminology",
            "tests",
            "stop_tokens",
            "broke_metadata");
    assertThat(line.path("name").asText()).isEqualTo("broke_r-1");
    assertThat(line.path("language").asText()).isEqualTo("py");
    assertThat(line.path("prompt").asText()).isEqualTo("sort a list");
    assertThat(line.path("tests").asText()).isEqualTo("assert True");
    var metadata = line.path("broke_metadata");
    assertThat(metadata.path("source").asText()).isEqualTo("agent");
    assertThat(metadata.path("model_used").asText()).isEqualTo("m-1");
    assertThat(metadata.path("quality_temperature").asDouble()).isEqualTo(0.25);
    assertThat(metadata.path("user_rating").asInt()).isEqualTo(4);
    assertThat(metadata.path("response_time_seconds").asDouble()).isEqualTo(2.5);
    assertThat(metadata.path("routing_method").asText()).isEqualTo("balanced");
    assertThat(metadata.path("dimensions").path("prompt_complexity").asDouble()).isEqualTo(0.5);
    assertThat(metadata.path("who").asText()).isEqualTo("u-7");
    assertThat(metadata.path("role").asText()).isEqualTo("coder");
    assertThat(metadata.path("tier").asText()).isEqualTo("basic");
    assertThat(metadata.path("answer").asText()).contains("sorted(a)");
    assertThat(metadata.path("messages")).hasSize(2);
    assertThat(metadata.path("rating_reason").asText()).isEqualTo("too short");
    assertThat(metadata.path("first_token_seconds").asDouble()).isEqualTo(0.12);
  }

  @Test
  void whatNobodyKnowsIsLeftOut() throws Exception {
    var metadata =
        Problem.line(
                new Facts("r-1", 0, "api", null, null, null),
                text("{\"prompt\": \"once upon\", \"answer\": \"a time\"}"))
            .path("broke_metadata");

    assertThat(metadata.fieldNames())
        .toIterable()
        .containsExactly("source", "request", "at", "answer");
  }

  @Test
  void anImportedProblemComesOutAsItWentIn() throws Exception {
    var given =
        MAPPER.readTree(
            "{\"name\":\"a\",\"language\":\"rs\",\"prompt\":\"p\",\"doctests\":\"keep\","
                + "\"original\":\"a\",\"prompt_terminology\":\"verbatim\",\"tests\":\"t\","
                + "\"stop_tokens\":[],\"broke_metadata\":{\"user_rating\":2}}");
    var read = new ProblemReader().read(given, TextSource.HAND);

    var line = Problem.line(new Facts(read.id(), 0, "hand", null, null, null), read.text());

    assertThat(line.path("broke_metadata"))
        .hasToString("{\"user_rating\":2,\"source\":\"hand\",\"at\":\"1970-01-01T00:00:00Z\"}");
    line.remove("broke_metadata");
    ((ObjectNode) given).remove("broke_metadata");
    assertThat(line).isEqualTo(given);
  }

  @Test
  void packsAndUnpacks() throws Exception {
    assertThat(PackedText.unpack(PackedText.pack(text(CALL)))).isEqualTo(text(CALL));
  }

  private static ObjectNode text(String json) throws Exception {
    return (ObjectNode) MAPPER.readTree(json);
  }
}
