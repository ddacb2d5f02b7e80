package org.brokecluster.coordinator.http.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.brokecluster.coordinator.http.error.ApiError;
import org.brokecluster.coordinator.http.json.JsonBytes;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;
import org.junit.jupiter.api.Test;

class StreamRendererTest {
  private static final String CHAT_HEAD =
      "data: {'id':'chatcmpl-r1','object':'chat.completion.chunk','created':1700000000,"
          + "'model':'lab/M','choices':[";
  private static final String TEXT_HEAD =
      "data: {'id':'cmpl-r1','object':'text_completion','created':1700000000,"
          + "'model':'lab/M','choices':[";

  private final JsonBytes out = new JsonBytes(64);

  private static StreamRenderer renderer(Api api, boolean includeUsage) {
    var identity = AnswerIdentity.of(api, RequestId.of("r1"), 1_700_000_000, "lab/M");
    return StreamRenderer.of(api, identity, includeUsage);
  }

  private String written() {
    var text = new String(out.toBytes(), UTF_8).replace('"', '\'');
    out.clear();
    return text;
  }

  private static TokenChunk call(String id, String name, String arguments) {
    return new TokenChunk(TokenChunk.Kind.TOOL_CALL, 1, id, name, arguments);
  }

  private static TokenChunk logprobs(String json) {
    return new TokenChunk(TokenChunk.Kind.LOGPROBS, 0, null, null, json);
  }

  @Test
  void streamsAChatAnswer() {
    var renderer = renderer(Api.CHAT, false);

    renderer.start(out);
    assertThat(written())
        .isEqualTo(
            CHAT_HEAD
                + "{'index':0,'delta':{'role':'assistant','content':''},'finish_reason':null}]}\n\n");
    renderer.tokens(List.of(TokenChunk.reasoning("hm"), TokenChunk.content("Hi \"you\"")), out);
    assertThat(written())
        .isEqualTo(
            CHAT_HEAD
                + "{'index':0,'delta':{'reasoning_content':'hm'},'finish_reason':null}]}\n\n"
                + CHAT_HEAD
                + "{'index':0,'delta':{'content':'Hi \\'you\\''},'finish_reason':null}]}\n\n");
    renderer.finish(FinishReason.STOP, new Usage(3, 4, 1), null, out);
    assertThat(written())
        .isEqualTo(CHAT_HEAD + "{'index':0,'delta':{},'finish_reason':'stop'}]}\n\n");
    renderer.done(out);
    assertThat(written()).isEqualTo("data: [DONE]\n\n");
  }

  @Test
  void endsWithUsageWhereItWasAskedForAndHasItNullBefore() {
    var renderer = renderer(Api.CHAT, true);

    renderer.tokens(List.of(TokenChunk.content("x")), out);
    renderer.finish(FinishReason.LENGTH, new Usage(3, 4, 1), "{\"node\":\"a\"}", out);

    assertThat(written())
        .isEqualTo(
            CHAT_HEAD
                + "{'index':0,'delta':{'content':'x'},'finish_reason':null}],'usage':null}\n\n"
                + CHAT_HEAD
                + "{'index':0,'delta':{},'finish_reason':'length'}],'usage':null}\n\n"
                + CHAT_HEAD
                + "],'usage':{'prompt_tokens':3,'completion_tokens':4,'total_tokens':7,"
                + "'prompt_tokens_details':{'cached_tokens':1}},'broke':{'node':'a'}}\n\n");
  }

  @Test
  void theEventWithTheFinishReasonHasTheExtrasWhereNoUsageFollows() {
    renderer(Api.CHAT, false).finish(FinishReason.STOP, Usage.NONE, "{\"node\":\"a\"}", out);

    assertThat(written())
        .isEqualTo(
            CHAT_HEAD + "{'index':0,'delta':{},'finish_reason':'stop'}],'broke':{'node':'a'}}\n\n");
  }

  @Test
  void streamsToolCallsWithIdAndNameFirstAndArgumentsAfter() {
    var renderer = renderer(Api.CHAT, false);

    renderer.tokens(List.of(call("call_9", "weather", ""), call(null, null, "{\"c")), out);

    assertThat(written())
        .isEqualTo(
            CHAT_HEAD
                + "{'index':0,'delta':{'tool_calls':[{'index':1,'id':'call_9','type':'function',"
                + "'function':{'name':'weather','arguments':''}}]},'finish_reason':null}]}\n\n"
                + CHAT_HEAD
                + "{'index':0,'delta':{'tool_calls':[{'index':1,'function':{'arguments':'{\\'c'}}]}"
                + ",'finish_reason':null}]}\n\n");
  }

  @Test
  void givesAToolCallAnIdWhereTheRuntimeGaveNone() {
    renderer(Api.CHAT, false).tokens(List.of(call(null, "f", "{}")), out);

    assertThat(written()).contains("'id':'call_r1_1','type':'function'");
  }

  @Test
  void putsLogprobsBesideTheirContent() {
    var renderer = renderer(Api.CHAT, false);

    renderer.tokens(List.of(TokenChunk.content("a"), logprobs("{\n\"content\":[]}")), out);
    assertThat(written())
        .isEqualTo(
            CHAT_HEAD
                + "{'index':0,'delta':{'content':'a'},'logprobs':{ 'content':[]},"
                + "'finish_reason':null}]}\n\n");
    renderer.tokens(List.of(logprobs("{}")), out);
    assertThat(written()).contains("'delta':{'content':''},'logprobs':{}");
  }

  @Test
  void mendsCharactersThatWereCutInTwo() {
    var renderer = renderer(Api.CHAT, false);

    renderer.tokens(List.of(TokenChunk.content("\ud83d")), out);
    assertThat(written()).isEmpty();
    renderer.tokens(List.of(TokenChunk.content("\ude42!")), out);
    assertThat(written()).contains("{'content':'🙂!'}");
  }

  @Test
  void streamsACompletion() {
    var renderer = renderer(Api.COMPLETION, true);

    renderer.start(out);
    assertThat(written()).isEmpty();
    renderer.tokens(List.of(TokenChunk.content("a"), TokenChunk.content("b"), logprobs("{}")), out);
    assertThat(written())
        .isEqualTo(
            TEXT_HEAD
                + "{'text':'a','index':0,'logprobs':null,'finish_reason':null}],'usage':null}\n\n"
                + TEXT_HEAD
                + "{'text':'b','index':0,'logprobs':{},'finish_reason':null}],'usage':null}\n\n");
    renderer.finish(FinishReason.STOP, new Usage(1, 2, 0), null, out);
    assertThat(written())
        .isEqualTo(
            TEXT_HEAD
                + "{'text':'','index':0,'logprobs':null,'finish_reason':'stop'}],'usage':null}\n\n"
                + TEXT_HEAD
                + "],'usage':{'prompt_tokens':1,'completion_tokens':2,'total_tokens':3,"
                + "'prompt_tokens_details':{'cached_tokens':0}}}\n\n");
  }

  @Test
  void tellsAnErrorInTheMiddleOfAStream() {
    renderer(Api.CHAT, true).error(ApiError.server(502, "stream_cut", "cut"), out);

    assertThat(written())
        .isEqualTo(
            "data: {'error':{'message':'cut','type':'server_error','param':null,"
                + "'code':'stream_cut'}}\n\n");
  }

  @Test
  void writesEventsOfValidJsonWithoutAnErrorKey() throws Exception {
    var renderer = renderer(Api.CHAT, true);
    renderer.start(out);
    renderer.tokens(List.of(TokenChunk.content("a\n\u2028b"), call("i", "f", "{\"a\":1}")), out);
    renderer.finish(FinishReason.TOOL_CALLS, Usage.NONE, null, out);

    var mapper = new ObjectMapper();
    var lines = new String(out.toBytes(), UTF_8).split("\n\n");
    assertThat(lines).hasSize(5);
    for (var line : lines) {
      var event = mapper.readTree(line.substring("data: ".length()));
      assertThat(event.path("id").asText()).isEqualTo("chatcmpl-r1");
      assertThat(event.path("created").asLong()).isEqualTo(1_700_000_000);
      assertThat(event.path("choices").isArray()).isTrue();
      assertThat(event.has("error")).isFalse();
    }
  }
}
