package org.brokecluster.coordinator.http.error;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.router.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorStatusTest {
  @ParameterizedTest
  @CsvSource({
    "NO_NODE, 503, no_node",
    "MODEL_NOT_FOUND, 404, model_not_found",
    "NODE_NOT_FOUND, 404, node_not_found",
    "NOT_CAPABLE, 400, not_capable",
    "CONTEXT_TOO_LONG, 400, context_length_exceeded",
    "UNKNOWN_STRATEGY, 400, unknown_strategy",
    "QUEUE_FULL, 429, queue_full",
    "DEADLINE, 503, deadline_exceeded",
    "NO_CANDIDATE_LEFT, 503, no_candidate_left",
  })
  void knowsTheStatusOfARefusal(Refusal reason, int status, String code) {
    var error = ErrorStatus.of(reason, "because", null);

    assertThat(error.status()).isEqualTo(status);
    assertThat(error.code()).isEqualTo(code);
    assertThat(error.message()).isEqualTo("because");
    assertThat(error.retryAfterSeconds() != null).isEqualTo(status == 429 || status == 503);
  }

  @Test
  void passesTheRoutersAdviceOnInWholeSeconds() {
    assertThat(ErrorStatus.of(Refusal.QUEUE_FULL, "m", 2_001L).retryAfterSeconds()).isEqualTo(3);
    assertThat(ErrorStatus.of(Refusal.QUEUE_FULL, "m", 1L).retryAfterSeconds()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void knowsTheStatusOfEveryFailure(AttemptFailure.Kind kind) {
    var error = ErrorStatus.of(AttemptFailure.of(kind, "code", "message"));

    assertThat(error.status()).isBetween(400, 599);
    assertThat(error.code()).isEqualTo("code");
  }

  @ParameterizedTest
  @CsvSource({"422, 422", "413, 413", "401, 400", "403, 400", "500, 400"})
  void passesARuntimesStatusOnOnlyIfItIsAboutTheRequest(int given, int shown) {
    var failure =
        new AttemptFailure(AttemptFailure.Kind.BAD_REQUEST, given, "bad", "m", "tools", null);

    var error = ErrorStatus.of(failure);

    assertThat(error.status()).isEqualTo(shown);
    assertThat(error.param()).isEqualTo("tools");
  }

  @Test
  void unwrapsWhatItKnowsAndGivesAwayNothingOfWhatItDoesNot() {
    var known = ApiError.client(413, "request_too_large", "too large");

    assertThat(ErrorStatus.of(new CompletionException(new ApiException(known)), "r1"))
        .isEqualTo(known);
    assertThat(ErrorStatus.of(new CompletionException(new TimeoutException("5 s")), "r1").status())
        .isEqualTo(503);
    var unknown = ErrorStatus.of(new IllegalStateException("secret"), "r1");
    assertThat(unknown.status()).isEqualTo(500);
    assertThat(unknown.message()).contains("r1").doesNotContain("secret");
    assertThat(ErrorStatus.unexpected(unknown)).isTrue();
  }

  @Test
  void isWrittenInOpenAisShape() {
    assertThat(new String(ApiError.invalid("n", "bad", "say \"1\"").json(), UTF_8))
        .isEqualTo(
            "{\"error\":{\"message\":\"say \\\"1\\\"\",\"type\":\"invalid_request_error\","
                + "\"param\":\"n\",\"code\":\"bad\"}}");
  }
}
