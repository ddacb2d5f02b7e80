package org.brokecluster.node.runtime.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokecluster.node.runtime.openai.Servers.content;
import static org.brokecluster.node.runtime.openai.Servers.delta;
import static org.brokecluster.node.runtime.openai.Servers.finish;
import static org.brokecluster.node.runtime.openai.Servers.usage;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.brokecluster.node.runtime.answer.AnswerRules;
import org.brokecluster.node.runtime.http.ResponseHead;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventStreamTest extends EventStreamCase {
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void understandsBytesHoweverTheNetworkCutsThem(long seed) {
    var random = new Random(seed);
    var text = new StringBuilder();
    var expected = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      var piece = List.of("grüße", " 🙂", "日本", "x".repeat(random.nextInt(300))).get(i % 4);
      expected.append(piece);
      text.append(random.nextBoolean() ? "data: " : "data:").append(content(piece));
      text.append(random.nextBoolean() ? "\r\n\r\n" : "\n\n");
      if (random.nextInt(5) == 0) {
        text.append(": ping\n\nevent: x\nid: 3\n\n");
      }
    }
    text.append("data: ").append(finish("stop")).append("\n\ndata: [DONE]\n\n");
    var bytes = text.toString().replace('\'', '"').getBytes(StandardCharsets.UTF_8);

    for (int from = 0; from < bytes.length; ) {
      int length =
          Math.min(bytes.length - from, 1 + random.nextInt(random.nextBoolean() ? 5 : 900));
      add(ByteBuffer.wrap(bytes, from, length).asReadOnlyBuffer());
      from += length;
    }

    assertThat(text()).isEqualTo(expected.toString());
    assertThat(stream.ended()).isTrue();
    assertThat(stream.failure()).isNull();
  }

  @Test
  void takesCountsFromTheFinishingChunk() {
    events(
        content("a"),
        "{'choices':[{'index':0,'delta':{},'finish_reason':'stop'}],"
            + "'usage':{'prompt_tokens':5,'completion_tokens':6}}");

    assertThat(stream.usage()).isEqualTo(new Usage(5, 6, 0));
  }

  @Test
  void takesTheLastCountsThatAreNotEmpty() {
    events(
        "{'choices':[{'index':0,'text':'a'}],"
            + "'usage':{'prompt_tokens':5,'completion_tokens':1,'total_tokens':6}}",
        finish("stop"),
        usage(5, 9, 0),
        "{'choices':[],'usage':{'prompt_tokens':0,'completion_tokens':0,'total_tokens':0}}",
        "{'choices':[],'usage':null}");

    assertThat(stream.usage()).isEqualTo(new Usage(5, 9, 0));
  }

  @Test
  void countsForItselfWhereNobodyElseDoes() {
    events(content("a"), delta("{'reasoning':'b'}"), finish("stop"));

    assertThat(stream.usage()).isEqualTo(Usage.estimate(100, 2));
  }

  @Test
  void readsReasoningUnderEitherNameButOnlyOnce() {
    events(
        delta("{'reasoning':'a','content':''}"),
        delta("{'reasoning_content':'b'}"),
        delta("{'reasoning':'c','reasoning_content':'c'}"));

    assertThat(chunks)
        .containsExactly(
            TokenChunk.reasoning("a"), TokenChunk.reasoning("b"), TokenChunk.reasoning("c"));
  }

  @Test
  void passesLogProbabilitiesOnBehindTheirContent() {
    events(
        "{'choices':[{'index':0,'delta':{'content':null},'logprobs':{'content':[1]}}]}",
        "{'choices':[{'index':0,'delta':{'content':'a'},'logprobs':{'content':[{'logprob':-2}]}}]}",
        "{'choices':[{'index':0,'delta':{'content':'b'},'logprobs':null}]}");

    assertThat(chunks)
        .containsExactly(
            TokenChunk.content("a"),
            new TokenChunk(
                TokenChunk.Kind.LOGPROBS, 0, null, null, "{\"content\":[{\"logprob\":-2}]}"),
            TokenChunk.content("b"));
  }

  @Test
  void keepsToTheFirstChoice() {
    events(
        "{'choices':[{'index':1,'delta':{'content':'no'},'finish_reason':'stop'}]}",
        "{'choices':[{'delta':{'content':'yes'}},{'index':1,'delta':{'content':'no'}}]}");

    assertThat(text()).isEqualTo("yes");
    assertThat(stream.finished()).isFalse();
  }

  @Test
  void takesTheFirstFinishReasonAndNothingBehindIt() {
    events(
        content("a"),
        "{'choices':[{'index':0,'delta':{'content':'b'},'finish_reason':''}]}",
        finish("length"),
        content("a"),
        "{'choices':[{'index':0,'delta':{'content':'c'},'finish_reason':'stop'}]}",
        usage(5, 2, 0));
    line("data: [DONE]");

    assertThat(text()).isEqualTo("ab");
    assertThat(stream.reason()).isEqualTo(FinishReason.LENGTH);
    assertThat(stream.usage()).isEqualTo(new Usage(5, 2, 0));
  }

  @Test
  void endsAnAnswerWhoseRuntimeIgnoresTheLimit() {
    stream = stream(new AnswerRules("", 400, false, false, 10));
    for (int i = 0; i < 100; i++) {
      events(content("x"));
    }

    assertThat(stream.ended()).isTrue();
    assertThat(stream.reason()).isEqualTo(FinishReason.LENGTH);
    assertThat(chunks).hasSizeBetween(10, 30);
  }

  @Test
  void separatesThinkingThatWasLeftInTheText() {
    stream = stream(new AnswerRules("", 400, true, false, null));
    events(content("<thi"), content("nk>Hm"), content("</thi"), content("nk>So"));
    events(content(" be <think>it</think>"), finish("stop"));

    assertThat(chunks)
        .containsExactly(
            TokenChunk.reasoning("Hm"),
            TokenChunk.content("So"),
            TokenChunk.content(" be <think>it</think>"));
  }

  @Test
  void dropsEmptyLinesBetweenThinkingAndAnswer() {
    line("data: {'choices': [{'index': 0, 'delta': {'reasoning': ' token'}}]}");
    line("data: {'choices': [{'index': 0, 'delta': {'content': '\\n\\n'}}]}");
    line("data: {'choices': [{'index': 0, 'delta': {'content': '\\nSo\\n'}}]}");
    line("data: {'choices': [{'index': 0, 'delta': {'content': '\\n'}}]}");

    assertThat(chunks)
        .containsExactly(
            TokenChunk.reasoning(" token"), TokenChunk.content("So\n"), TokenChunk.content("\n"));
  }

  @Test
  void keepsStopTokensOutOfTheAnswer() {
    events(content("Hi"), content(" there<|im"), content("_end|>"), finish("stop"));

    assertThat(text()).isEqualTo("Hi there");
  }

  @Test
  void endsAStreamThatNeverHasText() {
    var event = delta("{'content':''}");
    for (int i = 0; i < 20_000 && !stream.ended(); i++) {
      events(event);
    }

    assertThat(stream.failure().code()).isEqualTo("stream_flood");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "event: error\ndata: {\"message\":\"gone\",\"code\":500}",
        "data: {\"object\":\"error\",\"message\":\"gone\",\"code\":500}",
        "data: {\"error\":\"gone\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"error\"}]}"
      })
  void findsErrorsUnderTheirManyNames(String lines) {
    events(content("a"));
    line(lines);

    assertThat(stream.failure().kind()).isEqualTo(Kind.RUNTIME_ERROR);
    assertThat(stream.failure().message()).contains("gone");
  }

  @Test
  void doesNotTakeTheNameOfOneEventForThatOfTheNext() {
    line("event: error");
    events(content("a"));

    assertThat(text()).isEqualTo("a");
    assertThat(stream.failure()).isNull();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "stop,STOP",
    "length,LENGTH",
    "max_tokens,LENGTH",
    "content_filter,CONTENT_FILTER",
    "eos,STOP"
  })
  void mapsFinishReasonsWithoutToolCalls(String word, FinishReason reason) {
    events(content("a"), finish(word));

    assertThat(stream.reason()).isEqualTo(reason);
  }

  @Test
  void takesProgressThroughThePromptForLife() {
    line("data: {'choices':[],'prompt_progress':{'total':100,'processed':25,'cache':0}}");

    assertThat(stream.takeLife()).isTrue();
    assertThat(stream.prefillShare()).isEqualTo(0.25);
    assertThat(stream.takeLife()).isFalse();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {": ping", ":", ": prefill_progress {}", ": keepalive 0/0"})
  void takesAnyCommentForLifeUntilTheAnswerBegins(String comment) {
    line(comment);
    assertThat(stream.takeLife()).isTrue();

    events(content("a"));
    line(comment);
    assertThat(stream.takeLife()).isFalse();
  }

  @Test
  void doesNotTakeAnErrorThatIsNullForOne() {
    events("{'error':null,'choices':[{'index':0,'delta':{'content':'a'}}]}", finish("stop"));

    assertThat(text()).isEqualTo("a");
    assertThat(stream.failure()).isNull();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}]",
        "data: {\"choices\":[{\"delta\":{\"content\":\"x\"}",
        "data: 7",
        "data: nonsense",
        "data: "
      })
  void leavesOutABrokenEventWhole(String line) {
    line(line);
    events(content("b"));

    assertThat(text()).isEqualTo("b");
  }

  @Test
  void findsADoneWithoutAFinishReasonCut() {
    events(content("a"));
    line("data: [DONE]");

    assertThat(stream.failure().kind()).isEqualTo(Kind.STREAM_CUT);
  }

  @Test
  void readsALastLineWithoutAnEnd() {
    events(content("a"), finish("stop"));
    add(ByteBuffer.wrap("data: [DONE]".getBytes(StandardCharsets.UTF_8)));
    assertThat(stream.ended()).isFalse();

    stream.onHead(new ResponseHead(200, Map.of()), Instant.EPOCH);
    stream.onBodyEnd();

    assertThat(stream.ended()).isTrue();
    assertThat(stream.failure()).isNull();
  }
}
