package org.brokecluster.node.runtime.openai;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.brokecluster.node.runtime.answer.AnswerAssembler;
import org.brokecluster.node.runtime.answer.AnswerRules;
import org.brokecluster.protocol.node.TokenChunk;

/** A stream of events, and what came out of it so far. */
abstract class EventStreamCase {
  EventStream stream = stream(AnswerRules.plain("call_r1_", 400));
  final List<TokenChunk> chunks = new ArrayList<>();

  EventStream stream(AnswerRules rules) {
    return new EventStream(Servers.SETTINGS.limits(), new AnswerAssembler(rules));
  }

  static TokenChunk call(int index, String id, String name, String text) {
    return new TokenChunk(TokenChunk.Kind.TOOL_CALL, index, id, name, text);
  }

  String text() {
    return chunks.stream().map(TokenChunk::text).collect(Collectors.joining());
  }

  void events(String... jsons) {
    for (var json : jsons) {
      line("data: " + json);
    }
  }

  void line(String line) {
    add(ByteBuffer.wrap((line.replace('\'', '"') + "\n\n").getBytes(StandardCharsets.UTF_8)));
  }

  void add(ByteBuffer bytes) {
    stream.add(bytes);
    while (stream.advance()) {
      chunks.addAll(stream.ready());
      stream.ready().clear();
    }
  }
}
