package org.brokecluster.shared.serialization;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.ArrayList;
import java.util.List;
import org.brokecluster.protocol.edge.EdgeProtocol.TokenBatch;
import org.brokecluster.protocol.node.TokenChunk;

/** Fields of {@link TokenBatch} and its chunks in the order of the records. */
final class TokenBatchKryo extends Serializer<TokenBatch> {
  /** Bytes of the smallest chunk: kind, index, and three texts without a character. */
  private static final int CHUNK_BYTES_MIN = 5;

  TokenBatchKryo() {
    super(false, true);
  }

  @Override
  public void write(Kryo kryo, Output output, TokenBatch batch) {
    Fields.writeAttempt(output, batch.attempt());
    output.writeVarLong(batch.sequence(), true);
    output.writeVarInt(batch.tokens(), true);
    output.writeVarInt(batch.chunks().size(), true);
    for (var chunk : batch.chunks()) {
      output.writeByte(code(chunk.kind()));
      output.writeVarInt(chunk.index(), true);
      Fields.writeText(output, chunk.id());
      Fields.writeText(output, chunk.name());
      Fields.writeText(output, chunk.text());
    }
  }

  @Override
  public TokenBatch read(Kryo kryo, Input input, Class<? extends TokenBatch> type) {
    var attempt = Fields.readAttempt(input);
    long sequence = input.readVarLong(true);
    int tokens = input.readVarInt(true);
    return new TokenBatch(attempt, sequence, readChunks(input), tokens);
  }

  private static List<TokenChunk> readChunks(Input input) {
    int count = input.readVarInt(true);
    int left = input.limit() - input.position();
    if (count < 0 || (long) count * CHUNK_BYTES_MIN > left) {
      throw new IllegalArgumentException("more chunks than bytes for them: " + count);
    }
    var chunks = new ArrayList<TokenChunk>(count);
    for (int i = 0; i < count; i++) {
      chunks.add(readChunk(input));
    }
    return chunks;
  }

  private static TokenChunk readChunk(Input input) {
    var kind = kind(input.readByte());
    int index = input.readVarInt(true);
    var id = Fields.readTextOrNull(input);
    var name = Fields.readTextOrNull(input);
    var text = Fields.readText(input);
    return new TokenChunk(kind, index, id, name, text);
  }

  /** Code of a kind on the wire; never changes. */
  private static int code(TokenChunk.Kind kind) {
    return switch (kind) {
      case CONTENT -> 0;
      case REASONING -> 1;
      case TOOL_CALL -> 2;
      case LOGPROBS -> 3;
    };
  }

  private static TokenChunk.Kind kind(int code) {
    return switch (code) {
      case 0 -> TokenChunk.Kind.CONTENT;
      case 1 -> TokenChunk.Kind.REASONING;
      case 2 -> TokenChunk.Kind.TOOL_CALL;
      case 3 -> TokenChunk.Kind.LOGPROBS;
      default -> throw new IllegalArgumentException("unknown kind of chunk: " + code);
    };
  }
}
