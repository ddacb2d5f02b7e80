package org.brokecluster.node.runtime.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns a client's body into the one a runtime gets. Values are handed on byte by byte; only the
 * outermost level is looked at.
 *
 * <p>Always streaming, always with usage, always the runtime's own name of the model. Left out are
 * our own fields and fields that are {@code null} (mlx_lm.server drops the connection over them). A
 * client that limits its answer by {@code max_completion_tokens} alone has the limit sent as {@code
 * max_tokens} too, the only one Ollama and others know.
 */
final class RequestBody {
  private static final JsonFactory JSON = new JsonFactory();
  private static final Set<String> REPLACED = Set.of("model", "stream", "stream_options");
  private static final Set<String> OURS = Set.of("broke", "broke_fault", "fallbacks");

  private final byte[] body;
  private final ByteArrayOutputStream out;
  private byte @Nullable [] completionLimit;
  private boolean limited;

  private RequestBody(byte[] body) {
    this.body = body;
    this.out = new ByteArrayOutputStream(body.length + 160);
  }

  /**
   * The body to send.
   *
   * @param wireName the runtime's own name of the model
   * @param progress whether to ask llama-server for its progress through the prompt
   * @throws IOException if the client's body is no JSON object; the message is free of its text
   */
  static byte[] rewrite(byte[] body, String wireName, boolean progress) throws IOException {
    var request = new RequestBody(body);
    request.write("{\"model\":\"");
    request.out.writeBytes(JsonStringEncoder.getInstance().quoteAsUTF8(wireName));
    request.write("\",\"stream\":true,\"stream_options\":{\"include_usage\":true}");
    try (var parser = JSON.createParser(body)) {
      request.copyFields(parser);
    } catch (JsonProcessingException e) {
      throw new IOException("the body is not valid JSON", e);
    }
    var limit = request.completionLimit;
    if (!request.limited && limit != null) {
      request.field("max_tokens", limit, 0, limit.length);
    }
    if (progress) {
      request.write(",\"return_progress\":true");
    }
    request.write("}");
    return request.out.toByteArray();
  }

  private void copyFields(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new IOException("the body is not a JSON object");
    }
    var token = parser.nextToken();
    while (token == JsonToken.FIELD_NAME) {
      var name = parser.currentName();
      boolean isNull = parser.nextToken() == JsonToken.VALUE_NULL;
      int from = (int) parser.currentTokenLocation().getByteOffset();
      parser.skipChildren();
      token = parser.nextToken();
      if (!isNull && !REPLACED.contains(name) && !OURS.contains(name)) {
        copy(name, from, endBefore((int) parser.currentTokenLocation().getByteOffset()));
      }
    }
  }

  private void copy(String name, int from, int to) {
    limited |= name.equals("max_tokens");
    if (name.equals("max_completion_tokens")) {
      completionLimit = Arrays.copyOfRange(body, from, to);
    }
    field(name, body, from, to - from);
  }

  private void field(String name, byte[] value, int from, int length) {
    write(",\"");
    out.writeBytes(JsonStringEncoder.getInstance().quoteAsUTF8(name));
    write("\":");
    out.write(value, from, length);
  }

  /** Where a value ends that is followed by a comma or brace at or before this place. */
  private int endBefore(int next) {
    int end = next;
    while (isBetweenValues(body[end - 1])) {
      end--;
    }
    return end;
  }

  private static boolean isBetweenValues(byte sign) {
    return sign == ',' || sign == ' ' || sign == '\n' || sign == '\r' || sign == '\t';
  }

  private void write(String ascii) {
    out.writeBytes(ascii.getBytes(StandardCharsets.ISO_8859_1));
  }
}
