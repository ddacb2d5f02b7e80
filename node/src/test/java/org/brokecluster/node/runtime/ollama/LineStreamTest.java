package org.brokecluster.node.runtime.ollama;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.brokecluster.node.runtime.answer.AnswerAssembler;
import org.brokecluster.node.runtime.answer.AnswerLimits;
import org.brokecluster.node.runtime.answer.AnswerRules;
import org.brokecluster.node.runtime.http.ResponseHead;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;
import org.junit.jupiter.api.Test;

class LineStreamTest {
  private static final String ANSWER =
      """
      {'model':'m','message':{'role':'assistant','content':'','thinking':'Hm, grü'},'done':false}
      {'model':'m','message':{'role':'assistant','content':'Hi 🙂'},'done':false}
      {'model':'m','message':{'role':'assistant','content':' there'},'done':false}
      {'model':'m','message':{'role':'assistant','content':'','tool_calls':[{'id':'call_x','function':\
      {'index':0,'name':'f','arguments':{'city':'Paris'}}},{'function':{'index':0,'name':'g',\
      'arguments':{}}}]},'done':false}
      {'model':'m','message':{'role':'assistant','content':''},'done':true,'done_reason':'stop',\
      'total_duration':5,'prompt_eval_count':26,'eval_count':290}
      """;

  @Test
  void understandsBytesWhereverTheNetworkCutsThem() {
    var bytes = ANSWER.replace('\'', '"').getBytes(UTF_8);
    for (int cut = 0; cut <= bytes.length; cut++) {
      var stream = stream();
      var chunks = new ArrayList<TokenChunk>();
      feed(stream, bytes, 0, cut, chunks);
      feed(stream, bytes, cut, bytes.length, chunks);

      assertThat(chunks)
          .as("cut at %s", cut)
          .containsExactly(
              TokenChunk.reasoning("Hm, grü"),
              TokenChunk.content("Hi 🙂"),
              TokenChunk.content(" there"),
              call(0, "call_x", "f", "{\"city\":\"Paris\"}"),
              call(1, "call_r1_1", "g", "{}"));
      assertThat(stream.ended()).isTrue();
      assertThat(stream.reason()).isEqualTo(FinishReason.TOOL_CALLS);
      assertThat(stream.usage()).isEqualTo(new Usage(26, 290, 0));
    }
  }

  @Test
  void takesTheLimitForWhatItIs() {
    var stream = read("{'message':{'content':'a'},'done':true,'done_reason':'length'}");

    assertThat(stream.reason()).isEqualTo(FinishReason.LENGTH);
  }

  @Test
  void countsThePromptItselfWhereAnOldVersionHadItCached() {
    var stream =
        read("{'message':{'content':'a'},'done':true,'done_reason':'stop','eval_count':7}");

    assertThat(stream.usage()).isEqualTo(Usage.estimate(99, 7));
  }

  @Test
  void failsOverAnErrorOnALine() {
    var stream = read("{'message':{'content':'a'},'done':false}\n{'error':'runner terminated'}");

    assertThat(stream.failure().kind()).isEqualTo(Kind.RUNTIME_ERROR);
    assertThat(stream.failure().message()).contains("runner terminated");
  }

  @Test
  void findsALastLineThatIsMissingACut() {
    var stream = read("{'message':{'content':'a'},'done':false}");

    stream.onBodyEnd();

    assertThat(stream.failure().kind()).isEqualTo(Kind.STREAM_CUT);
  }

  @Test
  void readsCompletionsAndLogProbabilities() {
    var stream = stream();
    var chunks = new ArrayList<TokenChunk>();
    var line = "{'response':'x','logprobs':[{'token':'x','logprob':-1.5}],'done':false}\n";

    var bytes = line.replace('\'', '"').getBytes(UTF_8);
    feed(stream, bytes, 0, bytes.length, chunks);

    assertThat(chunks)
        .containsExactly(
            TokenChunk.content("x"),
            new TokenChunk(
                TokenChunk.Kind.LOGPROBS,
                0,
                null,
                null,
                "{\"content\":[{\"token\":\"x\",\"logprob\":-1.5}]}"));
  }

  @Test
  void leavesOutWhatIsNoLineOfJson() {
    var stream = read("nonsense\n7\n{'message':{'content':'a'},'done':true}");

    assertThat(stream.reason()).isEqualTo(FinishReason.STOP);
  }

  private LineStream read(String lines) {
    var stream = stream();
    var bytes = (lines + "\n").replace('\'', '"').getBytes(UTF_8);
    feed(stream, bytes, 0, bytes.length, new ArrayList<>());
    return stream;
  }

  private LineStream stream() {
    var stream =
        new LineStream(
            new AnswerLimits(1 << 16, 1 << 16),
            new AnswerAssembler(AnswerRules.plain("call_r1_", 400)),
            99);
    stream.onHead(
        new ResponseHead(200, Map.of("content-type", "application/x-ndjson")), Instant.EPOCH);
    return stream;
  }

  private static void feed(
      LineStream stream, byte[] bytes, int from, int to, List<TokenChunk> chunks) {
    stream.add(ByteBuffer.wrap(bytes, from, to - from));
    while (stream.advance()) {
      chunks.addAll(stream.ready());
      stream.ready().clear();
    }
  }

  private static TokenChunk call(int index, String id, String name, String text) {
    return new TokenChunk(TokenChunk.Kind.TOOL_CALL, index, id, name, text);
  }
}
