package org.brokecluster.node.runtime.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Random;
import org.brokecluster.node.runtime.Prompts;
import org.brokecluster.node.runtime.answer.RequestRefusal;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestAdapterTest {
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
        "{'unknown':{'deep':null},'n':1 ,'t':true}|,'unknown':{'deep':null},'n':1,'t':true",
        "{'max_completion_tokens':7}|,'max_completion_tokens':7,'max_tokens':7",
        "{'max_completion_tokens':7,'max_tokens':9}|,'max_completion_tokens':7,'max_tokens':9",
        "{'max_completion_tokens':null}|",
        "{'messages':[{'role':'assistant','content':null}]}"
            + "|,'messages':[{'role':'assistant','content':null}]",
        "{'messages':[{'role':'developer','content':'d'}]}"
            + "|,'messages':[{'role':'system','content':'d'}]"
      })
  void keepsWhatAnUnknownServerShouldSee(String body, String kept) throws Exception {
    assertThat(adapted(Dialect.GENERIC, body))
        .isEqualTo(HEAD + (kept == null ? "" : kept.replace('\'', '"')) + "}");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{'max_tokens':5,'temperature':null,'top_p':null,'stop':null,'logprobs':null}|'max_tokens':5",
        "{'max_completion_tokens':5}|'max_tokens':5",
        "{'max_completion_tokens':5,'max_tokens':3}|'max_tokens':3",
        "{}|'max_tokens':4096",
        "{'max_tokens':5,'temperature':0,'top_p':1}|'max_tokens':5,'temperature':0.0,'top_p':1.0",
        "{'max_tokens':5,'xtc_probability':1,'xtc_threshold':0}"
            + "|'max_tokens':5,'xtc_probability':1.0,'xtc_threshold':0.0",
        "{'max_tokens':5,'xtc_probability':0,'presence_penalty':0,'frequency_penalty':0.0}|'max_tokens':5",
        "{'max_tokens':5,'repetition_penalty':1,'min_p':0,'top_k':-1}|'max_tokens':5",
        "{'max_tokens':5,'top_k':40.0,'repetition_context_size':20}"
            + "|'max_tokens':5,'repetition_context_size':20,'top_k':40",
        "{'max_tokens':5,'seed':-1}|'max_tokens':5,'seed':9223372036854775807",
        "{'max_tokens':5,'seed':7.0}|'max_tokens':5,'seed':7",
        "{'max_tokens':5,'stop':'a'}|'max_tokens':5,'stop':['a']",
        "{'max_tokens':5,'stop':['a','']}|'max_tokens':5,'stop':['a']",
        "{'max_tokens':5,'stop':[]}|'max_tokens':5",
        "{'max_tokens':5,'user':'u','n':1,'metadata':{},'store':true,'draft_model':'x','adapters':'y'}"
            + "|'max_tokens':5",
        "{'max_tokens':5,'logit_bias':{},'echo':false,'suffix':'','logprobs':false,'best_of':1}"
            + "|'max_tokens':5",
        "{'max_tokens':5,'response_format':{'type':'text'},'tool_choice':'auto'}|'max_tokens':5",
        "{'max_tokens':5,'tools':[{'type':'function'}],'tool_choice':'none'}|'max_tokens':5",
        "{'max_tokens':5,'parallel_tool_calls':true}|'max_tokens':5",
        "{'max_tokens':5,'reasoning_effort':'low'}"
            + "|'chat_template_kwargs':{'reasoning_effort':'low'},'max_tokens':5",
        "{'max_tokens':5,'reasoning_effort':'none','chat_template_kwargs':{'a':1}}"
            + "|'chat_template_kwargs':{'a':1,'enable_thinking':false},'max_tokens':5",
        "{'max_tokens':5,'chat_template_kwargs':{'a':1}}|'chat_template_kwargs':{'a':1},'max_tokens':5"
      })
  void sendsMlxOnlyWhatItKnowsInTheTypesItTakes(String body, String kept) throws Exception {
    var expected = MAPPER.readTree(HEAD + "," + kept.replace('\'', '"') + "}");

    var sent = adapted(Dialect.MLX_LM, body);

    assertThat(MAPPER.readTree(sent)).isEqualTo(expected);
    assertThat(sent).doesNotContain("null");
    assertThat(sent.contains("\"top_p\":1.0")).isEqualTo(kept.contains("'top_p':1.0"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{'role':'developer','content':'x'}|{'role':'system','content':'x'}",
        "{'role':'user','name':null,'content':'x'}|{'role':'user','content':'x'}",
        "{'role':'assistant','content':null,'refusal':null}|{'role':'assistant','content':null}",
        "{'role':'assistant','content':[{'type':'refusal','refusal':'no'}]}"
            + "|{'role':'assistant','content':[{'type':'text','text':'no'}]}",
        "{'role':'assistant','tool_calls':[{'id':'a','function':{'name':'f','arguments':''}}]}"
            + "|{'role':'assistant','tool_calls':[{'id':'a','function':{'name':'f','arguments':'{}'}}]}",
        "{'role':'assistant','tool_calls':[{'id':'a','function':{'name':'f','arguments':'{x'}}]}"
            + "|{'role':'assistant','tool_calls':[{'id':'a','function':{'name':'f',"
            + "'arguments':'{#arguments#:#{x#}'}}]}",
        "{'role':'assistant','tool_calls':[{'id':'a','function':{'name':'f','arguments':{'b':1}}}]}"
            + "|{'role':'assistant','tool_calls':[{'id':'a','function':{'name':'f',"
            + "'arguments':'{#b#:1}'}}]}"
      })
  void writesMessagesAsMlxUnderstandsThem(String message, String expected) throws Exception {
    var sent = MAPPER.readTree(adapted(Dialect.MLX_LM, "{'messages':[" + message + "]}"));

    assertThat(sent.path("messages").get(0))
        .isEqualTo(MAPPER.readTree(expected.replace('\'', '"').replace("#", "\\\"")));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "MLX_LM|{'logit_bias':{'5':1}}|logit_bias",
        "MLX_LM|{'response_format':{'type':'json_object'}}|response_format",
        "MLX_LM|{'response_format':{'type':'json_schema'}}|response_format",
        "MLX_LM|{'logprobs':true}|logprobs",
        "MLX_LM|{'logprobs':2}|logprobs",
        "MLX_LM|{'tool_choice':'required'}|tool_choice",
        "MLX_LM|{'tool_choice':{'type':'function'}}|tool_choice",
        "MLX_LM|{'echo':true}|echo",
        "MLX_LM|{'suffix':'x'}|suffix",
        "MLX_LM|{'functions':[{}]}|functions",
        "MLX_LM|{'n':2}|n",
        "GENERIC|{'n':2}|n",
        "VLLM|{'best_of':3}|best_of",
        "LLAMA|{'echo':true}|echo",
        "LM_STUDIO|{'response_format':{'type':'json_object'}}|response_format",
        "LM_STUDIO|{'logprobs':true}|logprobs",
        "MLX_KNIFE|{'tools':[{}]}|tools",
        "MLX_KNIFE|{'stop':'x'}|stop",
        "MLX_VLM|{'logit_bias':{'5':1}}|logit_bias",
        "TRANSFORMERS|{'presence_penalty':1}|presence_penalty",
        "OLLAMA_COMPATIBLE|{'tool_choice':'required'}|tool_choice"
      })
  void refusesWhatTheServerWouldIgnore(Dialect dialect, String body, String param) {
    var failure = refusal(dialect, body);

    assertThat(failure.kind()).isEqualTo(Kind.UNSUPPORTED);
    assertThat(failure.code()).isEqualTo("unsupported_by_runtime");
    assertThat(failure.param()).isEqualTo(param);
    assertThat(failure.message()).contains(param, dialect.title());
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "MLX_LM|{'temperature':'hot'}|temperature|invalid_type",
        "MLX_LM|{'temperature':-1}|temperature|out_of_range",
        "MLX_LM|{'top_p':1.5}|top_p|out_of_range",
        "MLX_LM|{'top_k':-5}|top_k|out_of_range",
        "MLX_LM|{'min_p':true}|min_p|invalid_type",
        "MLX_LM|{'repetition_penalty':-0.1}|repetition_penalty|out_of_range",
        "MLX_LM|{'xtc_probability':2}|xtc_probability|out_of_range",
        "MLX_LM|{'seed':1.5}|seed|invalid_type",
        "MLX_LM|{'stop':[1]}|stop|invalid_type",
        "MLX_LM|{'stop':7}|stop|invalid_type",
        "MLX_LM|{'max_tokens':0}|max_tokens|out_of_range",
        "MLX_LM|{'max_tokens':'9'}|max_tokens|invalid_type",
        "LLAMA|{'temperature':'hot'}|temperature|invalid_type",
        "LLAMA|{'top_p':5}|top_p|out_of_range",
        "GENERIC|{'max_completion_tokens':-1}|max_completion_tokens|out_of_range",
        "GENERIC|{'reasoning_effort':3}|reasoning_effort|invalid_type"
      })
  void findsAValueThatNoServerTakesTheClientsFault(
      Dialect dialect, String body, String param, String code) {
    var failure = refusal(dialect, body);

    assertThat(failure.kind()).isEqualTo(Kind.BAD_REQUEST);
    assertThat(failure.param()).isEqualTo(param);
    assertThat(failure.code()).isEqualTo(code);
    assertThat(failure.message()).startsWith(param + " must be").doesNotContain("hot");
  }

  @Test
  void asksLlamaForProgressAndKeepsItsFields() throws Exception {
    assertThat(adapted(Dialect.LLAMA, "{'top_k':3,'max_completion_tokens':9,'logit_bias':{'1':2}}"))
        .isEqualTo(
            HEAD
                + ",\"top_k\":3,\"logit_bias\":{\"1\":2},\"max_tokens\":9"
                + ",\"return_progress\":true}");
  }

  @Test
  void sendsTransformersNothingItWouldRefuse() throws Exception {
    var body = "{'user':'u','presence_penalty':0,'messages':[],'top_k':1,'temperature':0.5}";

    assertThat(adapted(Dialect.TRANSFORMERS, body))
        .isEqualTo(
            "{\"model\":\"m\",\"stream\":true,\"messages\":[],\"temperature\":0.5,"
                + "\"max_tokens\":4096}");
  }

  @Test
  void limitsAnAnswerByWhatIsLeftOfTheContext() throws Exception {
    var body = Prompts.json("{'messages':[{'role':'user','content':'" + "x".repeat(4000) + "'}]}");
    var plan = new RequestPlan(Dialect.MLX_LM, "m", 32_768, 2_048, false);

    var sent = MAPPER.readTree(RequestAdapter.adapt(body, plan).body());

    assertThat(sent.path("max_tokens").asInt()).isBetween(900, 1_050);
  }

  @Test
  void tellsWhatTheAnswerMustKeepTo() throws Exception {
    var plan = plan(Dialect.MLX_LM);
    var body = Prompts.json("{'max_tokens':5,'parallel_tool_calls':false}");

    var adapted = RequestAdapter.adapt(body, plan);

    assertThat(adapted.tokenLimit()).isEqualTo(5);
    assertThat(adapted.oneToolCall()).isTrue();
    assertThat(RequestAdapter.adapt(Prompts.json("{}"), plan).tokenLimit()).isNull();
  }

  @Test
  void neverRepeatsAPromptThatWouldEndMlx() throws Exception {
    var plan = plan(Dialect.MLX_LM).shifted(true);

    var sent = RequestAdapter.adapt(Prompts.json("{'prompt':'Once','max_tokens':1}"), plan);

    assertThat(MAPPER.readTree(sent.body()).path("prompt").asText()).isEqualTo("\nOnce");
  }

  @Test
  void writesTheRuntimesNameOfTheModelSafely() throws Exception {
    var plan = new RequestPlan(Dialect.GENERIC, "a\"b\\ü", 9, null, false);

    var sent = RequestAdapter.adapt(Prompts.json("{}"), plan);

    assertThat(MAPPER.readTree(sent.body()).path("model").asText()).isEqualTo("a\"b\\ü");
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

    var sent = RequestAdapter.adapt(writer.writeValueAsBytes(body), plan(Dialect.GENERIC));

    var tree = MAPPER.readTree(sent.body());
    body.fieldNames().forEachRemaining(key -> assertThat(tree.get(key)).isEqualTo(body.get(key)));
    assertThat(tree.size()).isEqualTo(body.size() + 3);
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void keepsTextsOfMessagesLetterByLetter(Dialect dialect) throws Exception {
    var text = "developer null arguments refusal \"\\\n\u0000 grüße 🙂 \u2028 日本";
    var body = MAPPER.createObjectNode();
    body.putArray("messages").addObject().put("role", "user").put("content", text);

    var sent = RequestAdapter.adapt(MAPPER.writeValueAsBytes(body), plan(dialect));

    assertThat(MAPPER.readTree(sent.body()).path("messages").get(0).path("content").asText())
        .isEqualTo(text);
  }

  @ParameterizedTest(name = "<{0}>")
  @ValueSource(strings = {"", "[]", "{", "{'a':}", "nonsense", "{'a':1"})
  void refusesWhatIsNoObject(String body) {
    var failure = refusal(Dialect.GENERIC, body);

    assertThat(failure.kind()).isEqualTo(Kind.BAD_REQUEST);
    assertThat(failure.message()).startsWith("the body is not");
  }

  private static AttemptFailure refusal(Dialect dialect, String body) {
    return catchThrowableOfType(RequestRefusal.class, () -> adapted(dialect, body)).failure();
  }

  private static RequestPlan plan(Dialect dialect) {
    return new RequestPlan(dialect, "m", 4096, null, false);
  }

  private static String adapted(Dialect dialect, String body) throws RequestRefusal {
    return RequestAdapter.adapt(Prompts.json(body), plan(dialect)).text();
  }
}
