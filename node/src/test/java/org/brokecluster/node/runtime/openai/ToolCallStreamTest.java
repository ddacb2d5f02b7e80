package org.brokecluster.node.runtime.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokecluster.node.runtime.openai.Servers.content;
import static org.brokecluster.node.runtime.openai.Servers.delta;
import static org.brokecluster.node.runtime.openai.Servers.finish;

import org.brokecluster.node.runtime.answer.AnswerRules;
import org.brokecluster.protocol.node.FinishReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tool calls as servers send them, and as clients understand them. */
class ToolCallStreamTest extends EventStreamCase {
  @Test
  void tellsToolCallsApartThatShareANumberOrHaveNone() {
    events(
        delta("{'tool_calls':[{'index':0,'id':'a','function':{'name':'f','arguments':'1'}}]}"),
        delta("{'tool_calls':[{'index':0,'id':'b','function':{'name':'g','arguments':'2'}}]}"),
        delta("{'tool_calls':[{'index':0,'function':{'arguments':'3'}}]}"),
        delta("{'tool_calls':[{'function':{'name':'h','arguments':{'x':1}}}]}"),
        delta("{'tool_calls':[{'id':'c','function':{'name':'i','arguments':null}}]}"));

    assertThat(chunks)
        .containsExactly(
            call(0, "a", "f", "1"),
            call(1, "b", "g", "2"),
            call(1, null, null, "3"),
            call(2, "call_r1_2", "h", "{\"x\":1}"),
            call(3, "c", "i", ""));
  }

  @Test
  void givesEmptyArgumentsToACallThatHasNone() {
    events(delta("{'tool_calls':[{'id':'c','function':{'name':'i'}}]}"), finish("tool_calls"));

    assertThat(chunks).containsExactly(call(0, "c", "i", ""), call(0, null, null, "{}"));
  }

  @Test
  void announcesACallOnceItHasAName() {
    events(
        delta("{'tool_calls':[{'index':0,'id':'a','function':{'name':'','arguments':''}}]}"),
        delta("{'tool_calls':[{'index':0,'function':{'arguments':'{'}}]}"),
        delta("{'tool_calls':[{'index':0,'function':{'name':'f','arguments':'}'}}]}"),
        finish("tool_calls"));

    assertThat(chunks).containsExactly(call(0, "a", "f", "{}"));
  }

  @Test
  void leavesOutFurtherCallsWhereTheClientWantsOne() {
    stream = stream(new AnswerRules("call_r1_", 400, false, true, null));
    events(
        delta("{'tool_calls':[{'index':0,'id':'a','function':{'name':'f','arguments':'{}'}}]}"),
        delta("{'tool_calls':[{'index':1,'id':'b','function':{'name':'g','arguments':'{'}}]}"),
        delta("{'tool_calls':[{'index':1,'function':{'arguments':'}'}}]}"),
        finish("tool_calls"));

    assertThat(chunks).containsExactly(call(0, "a", "f", "{}"));
    assertThat(stream.failure()).isNull();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"tool_calls", "tool_call", "function_call"})
  void failsWhereTheRuntimeLostTheCallItSpeaksOf(String word) {
    events(content("Let me look."), finish(word));
    line("data: [DONE]");

    assertThat(stream.failure().code()).isEqualTo("malformed_tool_call");
    assertThat(stream.failure().kind().retryable()).isTrue();
  }

  @Test
  void failsWhereACallNeverGotAName() {
    events(delta("{'tool_calls':[{'index':0,'function':{'arguments':'{}'}}]}"), finish("stop"));
    line("data: [DONE]");

    assertThat(stream.failure().code()).isEqualTo("malformed_tool_call");
  }

  @Test
  void doesNotRepeatIdAndNameOfAToolCall() {
    var piece = "{'tool_calls':[{'index':0,'id':'a','function':{'name':'f','arguments':'%s'}}]}";
    events(delta(piece.formatted("{")), delta(piece.formatted("}")));

    assertThat(chunks).containsExactly(call(0, "a", "f", "{"), call(0, null, null, "}"));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"stop", "tool_calls", "tool_call", "function_call"})
  void mapsFinishReasonsBehindToolCalls(String word) {
    events(delta("{'tool_calls':[{'function':{'name':'h'}}]}"), finish(word));

    assertThat(stream.reason()).isEqualTo(FinishReason.TOOL_CALLS);
  }

  @Test
  void takesAToolCallThatComesWithTheFinishReason() {
    events(
        "{'choices':[{'index':0,'finish_reason':'tool_calls','delta':{'role':'assistant',"
            + "'tool_calls':[{'id':'a','function':{'name':'f','arguments':'{}'}}]}}]}");

    assertThat(chunks).containsExactly(call(0, "a", "f", "{}"));
    assertThat(stream.reason()).isEqualTo(FinishReason.TOOL_CALLS);
  }
}
