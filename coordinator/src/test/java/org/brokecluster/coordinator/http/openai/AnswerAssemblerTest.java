package org.brokecluster.coordinator.http.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;
import org.junit.jupiter.api.Test;

class AnswerAssemblerTest {
  private static final String USAGE =
      "'usage':{'prompt_tokens':3,'completion_tokens':4,'total_tokens':7,"
          + "'prompt_tokens_details':{'cached_tokens':1}}";

  private static String rendered(AnswerAssembler answer, Api api, FinishReason reason) {
    var identity = AnswerIdentity.of(api, RequestId.of("r1"), 1_700_000_000, "m");
    return new String(answer.render(identity, reason, new Usage(3, 4, 1), null), UTF_8)
        .replace('"', '\'');
  }

  private static TokenChunk chunk(TokenChunk.Kind kind, int index, String text) {
    boolean first = kind == TokenChunk.Kind.TOOL_CALL && text.isEmpty();
    return new TokenChunk(kind, index, first ? "id" + index : null, first ? "f" : null, text);
  }

  @Test
  void joinsContentAndThinking() {
    var answer = new AnswerAssembler(Api.CHAT, 1000);
    answer.add(TokenChunk.reasoning("hm "));
    answer.add(TokenChunk.reasoning("so"));
    answer.add(TokenChunk.content("Hel"));
    answer.add(TokenChunk.content("lo"));

    assertThat(rendered(answer, Api.CHAT, FinishReason.STOP))
        .isEqualTo(
            "{'id':'chatcmpl-r1','object':'chat.completion','created':1700000000,'model':'m',"
                + "'choices':[{'index':0,'message':{'role':'assistant','content':'Hello',"
                + "'refusal':null,'reasoning_content':'hm so'},'logprobs':null,"
                + "'finish_reason':'stop'}],"
                + USAGE
                + "}");
  }

  @Test
  void hasNoContentWhereThereAreOnlyToolCalls() {
    var answer = new AnswerAssembler(Api.CHAT, 1000);
    answer.add(chunk(TokenChunk.Kind.TOOL_CALL, 0, ""));
    answer.add(chunk(TokenChunk.Kind.TOOL_CALL, 0, "{\"a\":"));
    answer.add(chunk(TokenChunk.Kind.TOOL_CALL, 1, ""));
    answer.add(chunk(TokenChunk.Kind.TOOL_CALL, 0, "1}"));

    assertThat(rendered(answer, Api.CHAT, FinishReason.TOOL_CALLS))
        .contains(
            "'message':{'role':'assistant','content':null,'refusal':null,'tool_calls':["
                + "{'id':'id0','type':'function','function':{'name':'f',"
                + "'arguments':'{\\'a\\':1}'}},"
                + "{'id':'id1','type':'function','function':{'name':'f','arguments':''}}]}")
        .contains("'finish_reason':'tool_calls'");
  }

  @Test
  void hasEmptyContentWhereNothingWasSaid() {
    assertThat(rendered(new AnswerAssembler(Api.CHAT, 10), Api.CHAT, FinishReason.STOP))
        .contains("'content':''");
  }

  @Test
  void joinsLogprobsOfAllChunks() {
    var answer = new AnswerAssembler(Api.CHAT, 1000);
    answer.add(chunk(TokenChunk.Kind.LOGPROBS, 0, "{\"content\":[{\"token\":\"a\"}]}"));
    answer.add(chunk(TokenChunk.Kind.LOGPROBS, 0, "broken"));
    answer.add(chunk(TokenChunk.Kind.LOGPROBS, 0, "{\"content\":[{\"token\":\"b\"}]}"));

    assertThat(rendered(answer, Api.CHAT, FinishReason.STOP))
        .contains("'logprobs':{'content':[{'token':'a'},{'token':'b'}]}");
  }

  @Test
  void writesACompletion() {
    var answer = new AnswerAssembler(Api.COMPLETION, 1000);
    answer.add(TokenChunk.content("once"));

    assertThat(rendered(answer, Api.COMPLETION, FinishReason.LENGTH))
        .isEqualTo(
            "{'id':'cmpl-r1','object':'text_completion','created':1700000000,'model':'m',"
                + "'choices':[{'index':0,'text':'once','logprobs':null,'finish_reason':'length'}],"
                + USAGE
                + "}");
  }

  @Test
  void takesNothingBeyondItsLimit() {
    var answer = new AnswerAssembler(Api.CHAT, 5);

    assertThat(answer.add(TokenChunk.content("12345"))).isTrue();
    assertThat(answer.add(TokenChunk.content("6"))).isFalse();
    assertThat(answer.size()).isEqualTo(5);
  }

  @Test
  void beginsAnewWithAnotherAttempt() {
    var answer = new AnswerAssembler(Api.CHAT, 100);
    answer.add(TokenChunk.content("first"));
    answer.add(chunk(TokenChunk.Kind.TOOL_CALL, 0, ""));
    answer.clear();
    answer.add(TokenChunk.content("second"));

    assertThat(rendered(answer, Api.CHAT, FinishReason.STOP))
        .contains("'content':'second'")
        .doesNotContain("first", "tool_calls'");
  }
}
