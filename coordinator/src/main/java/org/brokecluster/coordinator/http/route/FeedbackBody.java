package org.brokecluster.coordinator.http.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.brokecluster.coordinator.http.error.ApiError;
import org.brokecluster.coordinator.http.error.ApiException;
import org.brokecluster.protocol.id.RequestId;

/**
 * Reads what somebody thought of an answer: {@code request} and a {@code rating} of 1 to 5, or
 * {@code up} and {@code down} (also as 1 and -1 in {@code data.rating}, as Open WebUI has it).
 * Pure.
 *
 * @param score 1 to 5
 */
record FeedbackBody(RequestId request, int score) {
  private static final int WORST = 1;
  private static final int BEST = 5;

  static FeedbackBody read(ObjectNode body) {
    return new FeedbackBody(request(body), score(body));
  }

  private static RequestId request(ObjectNode body) {
    for (var name : List.of("request", "request_id", "id")) {
      var value = body.path(name);
      if (value.isTextual()) {
        try {
          return RequestId.of(value.textValue());
        } catch (IllegalArgumentException e) {
          throw invalid(name, "a request id has letters, digits, _ and - only");
        }
      }
    }
    throw invalid("request", "which answer? request is the x-request-id it came with");
  }

  private static int score(ObjectNode body) {
    var rating = body.path("rating");
    if (rating.isMissingNode() && body.path("data").has("rating")) {
      return thumb(body.path("data").path("rating"));
    }
    if (rating.isTextual()) {
      return switch (rating.textValue()) {
        case "up" -> BEST;
        case "down" -> WORST;
        default -> throw wrong();
      };
    }
    if (!rating.isInt() || rating.intValue() < WORST || rating.intValue() > BEST) {
      throw wrong();
    }
    return rating.intValue();
  }

  private static int thumb(JsonNode rating) {
    if (rating.isInt() && Math.abs(rating.intValue()) == 1) {
      return rating.intValue() > 0 ? BEST : WORST;
    }
    throw wrong();
  }

  private static ApiException wrong() {
    return invalid("rating", "rating must be 1 to 5, \"up\" or \"down\"");
  }

  private static ApiException invalid(String param, String message) {
    return new ApiException(ApiError.invalid(param, "invalid_value", message));
  }
}
