package org.brokecluster.coordinator.http.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Locale;
import org.brokecluster.coordinator.http.error.ApiError;
import org.brokecluster.coordinator.http.error.ApiException;

/**
 * Reads a body as one JSON object. What a hostile body could blow up (depth, number of tokens,
 * length of names and numbers) is bounded; the length of strings is bounded by the body's.
 */
public final class JsonBody {
  /** Values, names and brackets in one body; keeps the tree below about 60 MiB. */
  static final long TOKENS_MAX = 500_000;

  /** Nested objects and arrays. */
  static final int DEPTH_MAX = 200;

  private static final ObjectMapper MAPPER = mapper();

  private JsonBody() {}

  /**
   * The object in these bytes.
   *
   * @throws ApiException a 400 that says where the body stops being JSON
   */
  public static ObjectNode read(byte[] bytes) {
    if (bytes.length == 0) {
      throw bad("the body is empty; a JSON object is expected");
    }
    int invalid = Utf8.firstInvalid(bytes);
    if (invalid >= 0) {
      throw bad("the body is not valid UTF-8: byte " + invalid + " does not belong there");
    }
    if (looksLikeUtf16(bytes)) {
      throw bad("the body must be UTF-8, without zero bytes");
    }
    if (parse(bytes) instanceof ObjectNode object) {
      return object;
    }
    throw bad("the body must be a JSON object");
  }

  private static JsonNode parse(byte[] bytes) {
    try {
      return MAPPER.readTree(bytes);
    } catch (StreamConstraintsException e) {
      throw bad(
          "the body has more JSON values, deeper nesting or longer numbers than allowed"
              + " (at most %d values, %d levels)".formatted(TOKENS_MAX, DEPTH_MAX));
    } catch (JsonProcessingException e) {
      throw bad("the body is not valid JSON" + position(e));
    } catch (IOException e) {
      throw bad("the body could not be read as JSON");
    }
  }

  /** Where it broke, by line and column; the text itself is not repeated. */
  private static String position(JsonProcessingException e) {
    var at = e.getLocation();
    return at == null
        ? ""
        : String.format(
            Locale.ROOT, ": syntax error at line %d column %d", at.getLineNr(), at.getColumnNr());
  }

  private static boolean looksLikeUtf16(byte[] bytes) {
    for (int i = 0; i < Math.min(4, bytes.length); i++) {
      if (bytes[i] == 0) {
        return true;
      }
    }
    return false;
  }

  private static ApiException bad(String message) {
    return new ApiException(ApiError.invalid("invalid_json", message));
  }

  private static ObjectMapper mapper() {
    var limits =
        StreamReadConstraints.builder()
            .maxStringLength(Integer.MAX_VALUE)
            .maxNestingDepth(DEPTH_MAX)
            .maxTokenCount(TOKENS_MAX)
            .build();
    var factory = JsonFactory.builder().streamReadConstraints(limits).build();
    return new ObjectMapper(factory).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }
}
