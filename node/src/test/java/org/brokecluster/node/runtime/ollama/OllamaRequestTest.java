package org.brokecluster.node.runtime.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.brokecluster.node.runtime.Prompts;
import org.brokecluster.node.runtime.answer.RequestRefusal;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OllamaRequestTest {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final String HI = "'messages':[{'role':'user','content':'hi'}]";
  private static final OllamaPlan PLAN =
      new OllamaPlan("qwen3:4b", new ContextChoice(8192, 32_768), 0, 420, true, false);

  @Test
  void asksForAStreamAndForAPromptThatIsNeverCut() throws Exception {
    var sent = chat("{'model':'auto','stream':false," + HI + "}", PLAN);

    assertThat(sent)
        .isEqualTo(
            json(
                "{'model':'qwen3:4b','stream':true,'keep_alive':420,'truncate':false,"
                    + "'shift':false,'messages':[{'role':'user','content':'hi'}],"
                    + "'options':{'num_ctx':8192}}"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "'temperature':0.5|'temperature':0.5",
        "'top_p':1,'top_k':40,'min_p':0.1|'top_p':1.0,'top_k':40,'min_p':0.1",
        "'max_tokens':5|'num_predict':5",
        "'max_completion_tokens':7,'max_tokens':9|'num_predict':7",
        "'repetition_penalty':1.1|'repeat_penalty':1.1",
        "'presence_penalty':-1,'frequency_penalty':2|'presence_penalty':-1.0,'frequency_penalty':2.0",
        "'seed':-1|'seed':2147483647",
        "'stop':'x'|'stop':['x']",
        "'stop':['x','y']|'stop':['x','y']",
        "'temperature':null,'stop':null,'user':'u','n':1,'logit_bias':{}|",
      })
  void turnsOptionsIntoOllamas(String fields, String options) throws Exception {
    var sent = chat("{" + fields + "," + HI + "}", PLAN).path("options");

    var expected = options == null ? "" : "," + options;
    assertThat(sent).isEqualTo(json("{'num_ctx':8192" + expected + "}"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{'role':'developer','content':'x'}|{'role':'system','content':'x'}",
        "{'role':'user','content':[{'type':'text','text':'a'},{'type':'text','text':'b'}]}"
            + "|{'role':'user','content':'a#b'}",
        "{'role':'user','content':[{'type':'image_url','image_url':"
            + "{'url':'data:image/png;base64,AAAA'}}]}"
            + "|{'role':'user','images':['AAAA'],'content':''}",
        "{'role':'assistant','content':null,'reasoning_content':'hm'}"
            + "|{'role':'assistant','content':'','thinking':'hm'}",
        "{'role':'assistant','content':[{'type':'refusal','refusal':'no'}]}"
            + "|{'role':'assistant','content':'no'}"
      })
  void turnsMessagesIntoOllamas(String message, String expected) throws Exception {
    var sent = chat("{'messages':[" + message + "]}", PLAN);

    assertThat(sent.path("messages").get(0)).isEqualTo(json(expected.replace("#", "\\n")));
  }

  @Test
  void tellsResultsOfToolsByTheFunctionsName() throws Exception {
    var sent =
        chat(
            "{'messages':[{'role':'assistant','content':'','tool_calls':[{'id':'c1','type':"
                + "'function','function':{'name':'f','arguments':'{#a#:1}'}}]},"
                    .replace("#", "\\\"")
                + "{'role':'tool','tool_call_id':'c1','content':'42'}],"
                + "'tools':[{'type':'function','function':{'name':'f'}}]}",
            PLAN);

    assertThat(sent.path("messages").get(0).path("tool_calls"))
        .isEqualTo(json("[{'id':'c1','function':{'name':'f','arguments':{'a':1}}}]"));
    assertThat(sent.path("messages").get(1))
        .isEqualTo(json("{'role':'tool','content':'42','tool_call_id':'c1','tool_name':'f'}"));
    assertThat(sent.path("tools")).hasSize(1);
  }

  @Test
  void leavesToolsOutThatMustNotBeUsed() throws Exception {
    assertThat(chat("{'tools':[{}],'tool_choice':'none'," + HI + "}", PLAN).has("tools")).isFalse();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{'type':'json_object'}|#json#",
        "{'type':'json_schema','json_schema':{'name':'s','schema':{'type':'object'}}}|{'type':'object'}",
        "{'type':'text'}|"
      })
  void asksForJsonInOllamasWay(String format, String expected) throws Exception {
    var sent = chat("{'response_format':" + format + "," + HI + "}", PLAN).path("format");

    assertThat(sent.isMissingNode() ? null : sent)
        .isEqualTo(expected == null ? null : json(expected.replace('#', '\'')));
  }

  @ParameterizedTest(name = "{0} thinks={1} degrees={2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "'reasoning_effort':'none'|true|false|false",
        "'reasoning_effort':'high'|true|false|true",
        "'reasoning_effort':'high'|true|true|#high#",
        "'reasoning_effort':'minimal'|true|true|#low#",
        "'reasoning_effort':'high'|false|false|",
        "'chat_template_kwargs':{'enable_thinking':false}|true|false|false",
        "'user':'u'|true|false|"
      })
  void asksForThinkingOnlyWhereTheModelCan(
      String fields, boolean thinks, boolean degrees, String expected) throws Exception {
    var plan = new OllamaPlan("m", new ContextChoice(8, 8), 0, 1, thinks, degrees);

    var sent = chat("{" + fields + "," + HI + "}", plan).path("think");

    assertThat(sent.isMissingNode() ? null : sent)
        .isEqualTo(expected == null ? null : json(expected.replace('#', '\'')));
  }

  @Test
  void makesCompletionsWithoutATemplate() throws Exception {
    var request =
        OllamaRequest.of(Prompts.json("{'prompt':['Once'],'max_tokens':3}"), Api.COMPLETION, PLAN);

    assertThat(request.path()).isEqualTo("/api/generate");
    var sent = MAPPER.readTree(request.json());
    assertThat(sent.path("prompt").asText()).isEqualTo("Once");
    assertThat(sent.path("raw").asBoolean()).isTrue();
    assertThat(request.tokenLimit()).isEqualTo(3);
  }

  @Test
  void asksForLogProbabilities() throws Exception {
    var sent = chat("{'logprobs':true,'top_logprobs':2," + HI + "}", PLAN);

    assertThat(sent.path("logprobs").asBoolean()).isTrue();
    assertThat(sent.path("top_logprobs").asInt()).isEqualTo(2);
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "CHAT|'logit_bias':{'1':2}|logit_bias",
        "CHAT|'tool_choice':'required'|tool_choice",
        "CHAT|'tool_choice':{'type':'function'}|tool_choice",
        "CHAT|'n':2|n",
        "CHAT|'functions':[{}]|functions",
        "COMPLETION|'echo':true|echo",
        "COMPLETION|'suffix':'x'|suffix",
        "COMPLETION|'logprobs':1|logprobs"
      })
  void refusesWhatOllamaIgnores(Api api, String fields, String param) {
    var failure = refusal("{" + fields + ",'prompt':'x'," + HI + "}", api);

    assertThat(failure.kind()).isEqualTo(Kind.UNSUPPORTED);
    assertThat(failure.param()).isEqualTo(param);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{'messages':[]}|messages",
        "{'messages':'x'}|messages",
        "{'messages':[{'role':'user','content':[{'type':'image_url','image_url':"
            + "{'url':'https://x/y.png'}}]}]}|messages[0].content[0].image_url.url",
        "{'messages':[{'role':'user','content':[{'type':'file'}]}]}|messages[0].content[0].type",
        "{'temperature':'hot','messages':[{'role':'user','content':'x'}]}|temperature",
        "{'response_format':{'type':'json_schema'},'messages':[{'role':'user','content':'x'}]}"
            + "|response_format.json_schema.schema"
      })
  void findsWhatCannotBeTurnedTheClientsFault(String body, String param) {
    var failure = refusal(body, Api.CHAT);

    assertThat(failure.kind()).isEqualTo(Kind.BAD_REQUEST);
    assertThat(failure.param()).isEqualTo(param);
  }

  @ParameterizedTest(name = "{0} bytes, limit {1}, loaded {2}: {3}")
  @CsvSource({
    "100,0,0,8192",
    "100,0,4096,4096",
    "20000,0,4096,16384",
    "20000,0,32768,32768",
    "100,20000,0,32768",
    "100,2000000,0,32768",
    "100,0,65536,65536",
    "900000,0,0,32768"
  })
  void choosesFewLengthsOfContextAndNeverAShorterOne(
      long bytes, int limit, int loaded, int expected) {
    assertThat(new ContextChoice(8192, 32_768).tokens(bytes, 0, limit, loaded)).isEqualTo(expected);
  }

  @Test
  void keepsToTheModelsOwnContext() {
    var choice = new ContextChoice(8192, 32_768).boundedBy(2048);

    assertThat(choice.tokens(100_000, 0, 0, 0)).isEqualTo(2048);
    assertThat(choice.surelyTooShortFor(10_000, 0)).isFalse();
    assertThat(choice.surelyTooShortFor(20_000, 0)).isTrue();
  }

  private static JsonNode chat(String body, OllamaPlan plan) throws Exception {
    var request = OllamaRequest.of(Prompts.json(body), Api.CHAT, plan);
    assertThat(request.path()).isEqualTo("/api/chat");
    return MAPPER.readTree(request.json());
  }

  private static JsonNode json(String text) throws Exception {
    return MAPPER.readTree(text.replace('\'', '"'));
  }

  private static AttemptFailure refusal(String body, Api api) {
    return catchThrowableOfType(
            RequestRefusal.class, () -> OllamaRequest.of(Prompts.json(body), api, PLAN))
        .failure();
  }
}
