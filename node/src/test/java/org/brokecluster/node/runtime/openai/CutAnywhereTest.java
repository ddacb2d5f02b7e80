package org.brokecluster.node.runtime.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.brokecluster.node.runtime.answer.AnswerAssembler;
import org.brokecluster.node.runtime.answer.AnswerRules;
import org.brokecluster.node.runtime.http.ResponseHead;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Streams as the servers send them, cut by the network at every place. */
class CutAnywhereTest {
  private static final String MLX_HEAD =
      "data: {'id': 'chatcmpl-1', 'system_fingerprint': '0.32.0', 'object': '%s', 'model':"
          + " 'default_model', 'created': 1, ";
  private static final String MLX =
      MLX_HEAD.formatted("chat.completion.chunk") + "'choices': [{'index': 0, 'finish_reason': ";
  private static final String LLAMA = "data: {'choices':[{'finish_reason':";
  private static final String LLAMA_TAIL = "}],'created':1,'id':'c','model':'m','object':'x'}\n\n";

  /** A stream of one server. */
  enum Sample {
    /** Recordings mlx-05-stream-tools and mlx-04-stream-usage. */
    MLX_TOOLS(
        ": keepalive 146/147\n\n: keepalive 147/147\n\n"
            + MLX
            + "null, 'delta': {'role': 'assistant', 'reasoning': ' grüße'}}]}\n\n"
            + MLX
            + "null, 'delta': {'role': 'assistant', 'content': '\\n\\n'}}]}\n\n"
            + MLX
            + "null, 'delta': {'role': 'assistant', 'content': 'Hi 🙂'}}]}\n\n"
            + MLX
            + "null, 'delta': {'role': 'assistant', 'tool_calls': [{'function': {'name':"
            + " 'get_weather', 'arguments': '{\\#city\\#: \\#Paris\\#}'}, 'type': 'function', 'id':"
            + " 'd8383d1e', 'index': 0}]}}]}\n\n"
            + MLX
            + "'tool_calls', 'delta': {'role': 'assistant'}}]}\n\n"
            + MLX_HEAD.formatted("chat.completion")
            + "'choices': [], 'usage': {'prompt_tokens': 150, 'completion_tokens': 22,"
            + " 'total_tokens': 172, 'prompt_tokens_details': {'cached_tokens': 3}}}\n\n"
            + "data: [DONE]\n\n"),
    /** Recording llama-05-stream-tools, with its lines ended as Windows does. */
    LLAMA_TOOLS(
        (":\n\n"
                + LLAMA
                + "null,'index':0,'delta':{'role':'assistant','content':null}"
                + LLAMA_TAIL
                + LLAMA
                + "null,'index':0,'delta':{'reasoning_content':' grüße'}"
                + LLAMA_TAIL
                + LLAMA
                + "null,'index':0,'delta':{'content':'Hi 🙂'}"
                + LLAMA_TAIL
                + LLAMA
                + "null,'index':0,'delta':{'tool_calls':[{'index':0,'id':'d8383d1e','type':"
                + "'function','function':{'name':'get_weather','arguments':'{'}}]}"
                + LLAMA_TAIL
                + LLAMA
                + "null,'index':0,'delta':{'tool_calls':[{'index':0,'function':{'arguments':"
                + "'\\#city\\#: \\#Paris\\#}'}}]}"
                + LLAMA_TAIL
                + LLAMA
                + "'tool_calls','index':0,'delta':{}"
                + LLAMA_TAIL
                + "data: {'choices':[],'usage':{'completion_tokens':22,'prompt_tokens':150,"
                + "'total_tokens':172,'prompt_tokens_details':{'cached_tokens':3}},'timings':{}}\n\n"
                + "data: [DONE]\n\n")
            .replace("\n", "\r\n"));

    private final String text;

    Sample(String text) {
      this.text = text.replace('\'', '"').replace('#', '"');
    }

    private byte[] bytes() {
      return text.getBytes(UTF_8);
    }
  }

  @ParameterizedTest
  @EnumSource
  void saysTheSameWhereverItIsCutInTwo(Sample sample) {
    var bytes = sample.bytes();
    for (int cut = 0; cut <= bytes.length; cut++) {
      check(bytes, List.of(cut));
    }
  }

  @ParameterizedTest
  @EnumSource
  void saysTheSameInPiecesOfAnySize(Sample sample) {
    var bytes = sample.bytes();
    for (long seed = 1; seed <= 60; seed++) {
      var random = new Random(seed);
      var cuts = new ArrayList<Integer>();
      int most = 1 + random.nextInt(80);
      for (int at = random.nextInt(most); at < bytes.length; at += random.nextInt(most)) {
        cuts.add(at);
      }
      check(bytes, cuts);
    }
  }

  private static void check(byte[] bytes, List<Integer> cuts) {
    var stream =
        new EventStream(Servers.SETTINGS.limits(), new AnswerAssembler(AnswerRules.plain("", 9)));
    stream.onHead(
        new ResponseHead(200, Map.of("content-type", "text/event-stream")), Instant.EPOCH);
    var chunks = new ArrayList<TokenChunk>();
    int from = 0;
    for (int cut : cuts) {
      feed(stream, ByteBuffer.wrap(bytes, from, cut - from), chunks);
      from = cut;
    }
    feed(stream, ByteBuffer.wrap(bytes, from, bytes.length - from), chunks);
    stream.onBodyEnd();

    assertThat(text(chunks, TokenChunk.Kind.REASONING)).isEqualTo(" grüße");
    assertThat(text(chunks, TokenChunk.Kind.CONTENT)).isEqualTo("Hi 🙂");
    assertThat(text(chunks, TokenChunk.Kind.TOOL_CALL)).isEqualTo("{\"city\": \"Paris\"}");
    assertThat(chunks).filteredOn(chunk -> chunk.id() != null).hasSize(1);
    assertThat(stream.failure()).isNull();
    assertThat(stream.reason()).isEqualTo(FinishReason.TOOL_CALLS);
    assertThat(stream.usage()).isEqualTo(new Usage(150, 22, 3));
  }

  private static String text(List<TokenChunk> chunks, TokenChunk.Kind kind) {
    var text = new StringBuilder();
    chunks.stream().filter(chunk -> chunk.kind() == kind).forEach(c -> text.append(c.text()));
    return text.toString();
  }

  private static void feed(EventStream stream, ByteBuffer bytes, List<TokenChunk> chunks) {
    stream.add(bytes);
    while (stream.advance()) {
      chunks.addAll(stream.ready());
      stream.ready().clear();
    }
  }
}
