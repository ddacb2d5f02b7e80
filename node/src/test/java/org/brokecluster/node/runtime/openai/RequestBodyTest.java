package org.brokecluster.node.runtime.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.brokecluster.node.runtime.Prompts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestBodyTest {
  private static final String HEAD =
      "{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":true}";
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|",
        "{'model':'auto','stream':false,'stream_options':{}}|",
        "{'temperature':null,'top_p':0.5}|,'top_p':0.5",
        "{'broke':{'a':1},'broke_fault':'x','fallbacks':['y']}|",
        "{ 'a' : [1, 2 ] , 'b' : 'x,' }|,'a':[1, 2 ],'b':'x,'",
        "{'unknown':{'deep':null},'n':-1.5e3 ,'t':true}|,'unknown':{'deep':null},'n':-1.5e3,'t':true",
        "{'max_completion_tokens':7}|,'max_completion_tokens':7,'max_tokens':7",
        "{'max_completion_tokens':7,'max_tokens':9}|,'max_completion_tokens':7,'max_tokens':9",
        "{'max_completion_tokens':null}|",
        "{'messages':[{'role':'assistant','content':null}]}"
            + "|,'messages':[{'role':'assistant','content':null}]"
      })
  void keepsWhatTheRuntimeShouldSee(String body, String kept) throws Exception {
    assertThat(rewritten(body))
        .isEqualTo(HEAD + (kept == null ? "" : kept.replace('\'', '"')) + "}");
  }

  @Test
  void writesTheRuntimesNameOfTheModelSafely() throws Exception {
    var body = RequestBody.rewrite(Prompts.json("{}"), "a\"b\\ü", false);

    assertThat(MAPPER.readTree(body).path("model").asText()).isEqualTo("a\"b\\ü");
  }

  @Test
  void asksForProgressWhereThatIsKnown() throws Exception {
    var body = RequestBody.rewrite(Prompts.json("{'a':1}"), "m", true);

    assertThat(MAPPER.readTree(body).path("return_progress").asBoolean()).isTrue();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void keepsEveryOtherFieldAsItWas(long seed) throws Exception {
    var random = new Random(seed);
    var body = MAPPER.createObjectNode();
    for (int i = 0; i < 20; i++) {
      switch (random.nextInt(5)) {
        case 0 -> body.put("ключ" + i, random.nextDouble());
        case 1 -> body.put("s" + i, "a\"\\,}\n 🙂".repeat(random.nextInt(4)));
        case 2 -> body.putArray("l" + i).add(random.nextInt()).addNull();
        case 3 -> body.putObject("o" + i).put("model", random.nextBoolean());
        default -> body.put("n" + i, random.nextLong());
      }
    }
    var writer = random.nextBoolean() ? MAPPER.writerWithDefaultPrettyPrinter() : MAPPER.writer();

    var sent = MAPPER.readTree(RequestBody.rewrite(writer.writeValueAsBytes(body), "m", false));

    body.fieldNames().forEachRemaining(key -> assertThat(sent.get(key)).isEqualTo(body.get(key)));
    assertThat(sent.size()).isEqualTo(body.size() + 3);
  }

  @ParameterizedTest(name = "<{0}>")
  @ValueSource(strings = {"", "[]", "{", "{'a':}", "nonsense", "{'a':1"})
  void refusesWhatIsNoObject(String body) {
    assertThatThrownBy(() -> RequestBody.rewrite(Prompts.json(body), "m", false))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("the body is not");
  }

  private static String rewritten(String body) throws IOException {
    return new String(RequestBody.rewrite(Prompts.json(body), "m", false), StandardCharsets.UTF_8);
  }
}
