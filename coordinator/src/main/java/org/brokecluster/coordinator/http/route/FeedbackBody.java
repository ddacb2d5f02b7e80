package org.brokecluster.coordinator.http.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.brokecluster.coordinator.http.error.ApiError;
import org.brokecluster.coordinator.http.error.ApiException;
import org.brokecluster.coordinator.http.openai.AnswerIdentity;
import org.brokecluster.protocol.id.RequestId;
import org.jspecify.annotations.Nullable;

/**
 * Reads what somebody thought of an answer: {@code request} (or the id of the answer itself, such
 * as {@code chatcmpl-…}), a {@code rating} of 1 to 5, {@code up} or {@code down}, and if wanted a
 * {@code reason} and {@code tests} by which answers can be checked. Agents that do not rate but see
 * what comes of an answer send {@code success}, {@code true} or {@code false}.
 *
 * <p>The form of Open WebUI is taken as well: {@code data.rating} of 1 and -1, {@code
 * data.details.rating} of 1 to 10, which says more, {@code data.reason} and {@code data.comment}.
 * What else is in it, above all the conversation, is not read. Pure.
 *
 * @param score 1 to 5, or null if only tests were brought
 * @param outcome whether the score follows from {@code success}: 5 or 1
 * @param reason at most {@value #REASON_MAX} characters, or null
 * @param tests at most {@value #TESTS_MAX} characters, or null
 */
record FeedbackBody(
    RequestId request,
    @Nullable Integer score,
    boolean outcome,
    @Nullable String reason,
    @Nullable String tests) {
  private static final int WORST = 1;
  private static final int BEST = 5;
  private static final int DETAILS_BEST = 10;
  private static final int REASON_MAX = 4_000;
  private static final int TESTS_MAX = 50_000;

  static FeedbackBody read(ObjectNode body) {
    var request = request(body);
    var tests = text(body.path("tests"), "tests", TESTS_MAX);
    var success = success(body);
    var score = score(body, tests != null || success != null);
    boolean outcome = score == null && success != null;
    if (outcome) {
      score = success ? BEST : WORST;
    }
    return new FeedbackBody(request, score, outcome, reason(body), tests);
  }

  /** Whether the outcome was a success. */
  boolean succeeded() {
    return outcome && score != null && score == BEST;
  }

  /** Shows nothing that somebody wrote. */
  @Override
  public String toString() {
    return "FeedbackBody[" + request + " " + score + "]";
  }

  private static RequestId request(ObjectNode body) {
    for (var name : List.of("request", "request_id", "id")) {
      var value = body.path(name);
      if (value.isTextual()) {
        try {
          return RequestId.of(AnswerIdentity.request(value.textValue()));
        } catch (IllegalArgumentException e) {
          throw invalid(name, "a request id has letters, digits, _ and - only");
        }
      }
    }
    throw invalid("request", "which answer? request is the x-request-id it came with");
  }

  private static @Nullable Integer score(ObjectNode body, boolean mayBeAbsent) {
    var rating = body.path("rating");
    var data = body.path("data");
    if (rating.isMissingNode() && data.path("details").path("rating").isInt()) {
      return ofTen(data.path("details").path("rating").intValue());
    }
    if (rating.isMissingNode() && data.has("rating")) {
      return thumb(data.path("rating"));
    }
    if (rating.isMissingNode() && mayBeAbsent) {
      return null;
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

  private static @Nullable Boolean success(ObjectNode body) {
    var success = body.path("success");
    if (success.isMissingNode() || success.isNull()) {
      return null;
    }
    if (!success.isBoolean()) {
      throw invalid("success", "success must be true or false");
    }
    return success.booleanValue();
  }

  /** Two of ten points for each of five, so that the best and the worst stay so. */
  private static int ofTen(int points) {
    if (points < WORST || points > DETAILS_BEST) {
      throw invalid("data.details.rating", "data.details.rating must be 1 to 10");
    }
    return (points + 1) / 2;
  }

  /** A number, or, as some versions send it, a text. */
  private static int thumb(JsonNode rating) {
    return switch (rating.asText()) {
      case "1" -> BEST;
      case "-1" -> WORST;
      default -> throw wrong();
    };
  }

  private static @Nullable String reason(ObjectNode body) {
    var data = body.path("data");
    var all =
        Stream.of(body.path("reason"), data.path("reason"), data.path("comment"))
            .map(part -> text(part, "reason", REASON_MAX))
            .filter(part -> part != null)
            .collect(Collectors.joining(": "));
    return all.isEmpty() ? null : all;
  }

  private static @Nullable String text(JsonNode value, String name, int max) {
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isTextual() || value.textValue().length() > max) {
      throw invalid(name, name + " must be a text of at most " + max + " characters");
    }
    return value.textValue().isBlank() ? null : value.textValue().strip();
  }

  private static ApiException wrong() {
    return invalid("rating", "rating must be 1 to 5, \"up\" or \"down\"");
  }

  private static ApiException invalid(String param, String message) {
    return new ApiException(ApiError.invalid(param, "invalid_value", message));
  }
}
