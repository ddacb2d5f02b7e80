package org.brokecluster.node.runtime.answer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;
import org.brokecluster.node.runtime.http.ResponseHead;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Tells from what a runtime says in its own way who is at fault. Understands OpenAI's error object,
 * plain texts (mlx_lm.server, mlx-vlm), and FastAPI's {@code detail}.
 */
public final class RuntimeErrors {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final int LONGEST_MESSAGE = 300;
  private static final int LONGEST_CODE = 64;
  private static final Pattern TOO_LONG =
      Pattern.compile(
          "maximum context length|available context size|context window|prompt is too long"
              + "|exceeds the context length|exceed_context_size");
  private static final Pattern UNABLE =
      Pattern.compile("not supported|does not support|unsupported|content type is supported");
  private static final Pattern BUSY = Pattern.compile("server busy|pending requests");

  /** mlx_lm.server answers 404 to every failure before a stream; these texts mean the model. */
  private static final Pattern MODEL_TROUBLE =
      Pattern.compile(
          "download|repo|snapshot|hugging ?face|not found|no such file|does not exist|model.type"
              + "|no instance found|safetensors|connection|offline");

  private RuntimeErrors() {}

  /** An answer with a status other than 200. */
  public static AttemptFailure fromStatus(ResponseHead head, byte[] body, Instant now) {
    int status = head.status();
    var said = Said.in(body);
    var kind = kind(status, said);
    return new AttemptFailure(
        kind,
        status,
        code(kind, said, "runtime_status_" + status),
        "the runtime answered %d: %s".formatted(status, said.message),
        said.param,
        retryAfterMs(head, now));
  }

  /** An error in the middle of a stream. */
  public static AttemptFailure fromEvent(JsonNode error) {
    return fromEvent(Said.in(error));
  }

  /** An error in the middle of a stream, not yet read. */
  public static AttemptFailure fromEvent(byte[] error) {
    return fromEvent(Said.in(error));
  }

  private static AttemptFailure fromEvent(Said said) {
    var kind =
        said.tooLong()
            ? Kind.CONTEXT_LENGTH
            : said.againstPolicy() ? Kind.CONTENT_POLICY : Kind.RUNTIME_ERROR;
    return new AttemptFailure(
        kind,
        null,
        code(kind, said, "runtime_error"),
        "the runtime broke off: " + said.message,
        said.param,
        null);
  }

  private static Kind kind(int status, Said said) {
    if (status < 400) {
      return Kind.RUNTIME_ERROR;
    }
    if (status == 429 || (status == 503 && said.speaksOf(BUSY))) {
      return Kind.RATE_LIMITED;
    }
    if (said.tooLong()) {
      return Kind.CONTEXT_LENGTH;
    }
    if (said.speaksOf(UNABLE)) {
      return Kind.UNSUPPORTED;
    }
    if (status >= 500) {
      return Kind.RUNTIME_ERROR;
    }
    if (said.againstPolicy()) {
      return Kind.CONTENT_POLICY;
    }
    boolean ours =
        switch (status) {
          // The key, the path and the model's name are ours, not the client's.
          case 401, 403, 405, 407, 408, 411, 499 -> true;
          case 404 -> said.message.isEmpty() || said.speaksOf(MODEL_TROUBLE);
          default -> false;
        };
    return ours ? Kind.RUNTIME_ERROR : Kind.BAD_REQUEST;
  }

  private static String code(Kind kind, Said said, String otherwise) {
    if (kind == Kind.CONTEXT_LENGTH) {
      return "context_length_exceeded";
    }
    if (kind == Kind.CONTENT_POLICY) {
      return "content_policy_violation";
    }
    return said.code.isEmpty() ? otherwise : said.code;
  }

  /** Milliseconds of patience asked for, or null; as seconds, as a date, or in milliseconds. */
  static @Nullable Long retryAfterMs(ResponseHead head, Instant now) {
    var millis = head.header("retry-after-ms");
    var value = head.header("retry-after");
    try {
      if (millis.isPresent()) {
        return atLeastZero(Double.parseDouble(millis.get().strip()));
      }
      return value.isEmpty() ? null : atLeastZero(1000 * Double.parseDouble(value.get().strip()));
    } catch (NumberFormatException notANumber) {
      return value.map(date -> untilMs(date.strip(), now)).orElse(null);
    }
  }

  private static @Nullable Long untilMs(String date, Instant now) {
    try {
      var until = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Math.max(0, Duration.between(now, until).toMillis());
    } catch (DateTimeException neitherNumberNorDate) {
      return null;
    }
  }

  private static long atLeastZero(double millis) {
    return Math.max(0, Math.round(millis));
  }

  /** What a runtime said about its trouble. */
  private static final class Said {
    private final String message;
    private final String code;
    private final @Nullable String param;

    private Said(String message, String code, @Nullable String param) {
      this.message = shortened(message.strip(), LONGEST_MESSAGE);
      this.code = shortened(code, LONGEST_CODE);
      this.param = param;
    }

    static Said in(byte[] body) {
      try {
        var node = MAPPER.readTree(body);
        return in(node == null ? MissingNode.getInstance() : node);
      } catch (IOException notJson) {
        return new Said(new String(body, StandardCharsets.UTF_8), "", null);
      }
    }

    static Said in(JsonNode node) {
      if (node.hasNonNull("error")) {
        return in(node.path("error"));
      }
      if (!node.isObject()) {
        return new Said(node.asText(""), "", null);
      }
      var message = node.hasNonNull("message") ? node.path("message") : node.path("detail");
      // Some put the HTTP status where the code belongs; then the type says more.
      var code = node.path("code").isTextual() ? node.path("code") : node.path("type");
      return new Said(
          message.isValueNode() ? message.asText() : message.toString(),
          code.asText(""),
          node.path("param").asText(null));
    }

    boolean tooLong() {
      return code.equals("context_length_exceeded")
          || code.equals("exceed_context_size_error")
          || speaksOf(TOO_LONG);
    }

    boolean againstPolicy() {
      return code.equals("content_policy_violation") || code.equals("content_filter");
    }

    boolean speaksOf(Pattern pattern) {
      return pattern.matcher(message.toLowerCase(Locale.ROOT)).find();
    }

    private static String shortened(String text, int longest) {
      return text.length() <= longest ? text : text.substring(0, longest) + "…";
    }
  }
}
