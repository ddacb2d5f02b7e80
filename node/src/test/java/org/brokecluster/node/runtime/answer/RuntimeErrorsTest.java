package org.brokecluster.node.runtime.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.brokecluster.node.runtime.Prompts;
import org.brokecluster.node.runtime.http.ResponseHead;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuntimeErrorsTest {
  private static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "400|{'error':{'message':'x','code':'context_length_exceeded'}}|CONTEXT_LENGTH|context_length_exceeded",
        "400|{'error':{'code':400,'message':'y','type':'exceed_context_size_error'}}|CONTEXT_LENGTH|context_length_exceeded",
        "400|{'error':{'message':'maximum context length is 8 tokens'}}|CONTEXT_LENGTH|context_length_exceeded",
        "400|{'error':{'message':'x','code':'content_policy_violation'}}|CONTENT_POLICY|content_policy_violation",
        "400|{'error':{'message':'bad top_p','type':'invalid_request_error'}}|BAD_REQUEST|invalid_request_error",
        "400|{'error':'Invalid JSON'}|BAD_REQUEST|runtime_status_400",
        "422|{'detail':[{'msg':'field required'}]}|BAD_REQUEST|runtime_status_422",
        "401|{'error':{'message':'no key'}}|RUNTIME_ERROR|runtime_status_401",
        "404|Not Found|RUNTIME_ERROR|runtime_status_404",
        "404|{'error':'model \"x\" not found, try pulling it first'}|RUNTIME_ERROR|runtime_status_404",
        "404|{'error':'Cannot find a cached snapshot folder'}|RUNTIME_ERROR|runtime_status_404",
        "404|{'error':'Only text content type is supported.'}|UNSUPPORTED|runtime_status_404",
        "500|{'error':{'code':500,'message':'image input is not supported','type':'server_error'}}|UNSUPPORTED|server_error",
        "400|{'error':'registry.ollama.ai/library/gemma3:4b does not support tools'}|UNSUPPORTED|runtime_status_400",
        "501|{'error':{'message':'This server does not support embeddings.','type':'not_supported_error'}}|UNSUPPORTED|not_supported_error",
        "400|{'error':'the input length exceeds the context length'}|CONTEXT_LENGTH|context_length_exceeded",
        "503|{'error':'server busy, please try again.  maximum pending requests exceeded'}|RATE_LIMITED|runtime_status_503",
        "499|{'error':'request cancelled'}|RUNTIME_ERROR|runtime_status_499",
        "404||RUNTIME_ERROR|runtime_status_404",
        "429|{'error':{'message':'busy'}}|RATE_LIMITED|runtime_status_429",
        "500|{'error':{'message':'Context size has been exceeded'}}|RUNTIME_ERROR|runtime_status_500",
        "503|{'error':{'message':'Loading model','type':'unavailable_error'}}|RUNTIME_ERROR|unavailable_error",
        "302||RUNTIME_ERROR|runtime_status_302"
      })
  void findsWhoIsAtFault(int status, String body, Kind kind, String code) {
    var failure = failure(status, body == null ? "" : body, Map.of());

    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.code()).isEqualTo(code);
    assertThat(failure.status()).isEqualTo(status);
  }

  @Test
  void keepsWhatTheRuntimeSaidInBounds() {
    var failure =
        failure(400, "{'error':{'message':'" + "x".repeat(5000) + "','param':'p'}}", Map.of());

    assertThat(failure.message()).startsWith("the runtime answered 400: xxx").hasSizeLessThan(400);
    assertThat(failure.param()).isEqualTo("p");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "retry-after|2|2000",
        "retry-after|0.5|500",
        "retry-after|-3|0",
        "retry-after|Sat, 21 Nov 2026 08:00:30 GMT|30000",
        "retry-after|Sat, 21 Nov 2026 07:00:00 GMT|0",
        "retry-after|soon|",
        "retry-after-ms|750|750"
      })
  void readsHowLongToWait(String header, String value, Long millis) {
    assertThat(failure(429, "", Map.of(header, value)).retryAfterMs()).isEqualTo(millis);
  }

  private static AttemptFailure failure(int status, String body, Map<String, String> headers) {
    return RuntimeErrors.fromStatus(new ResponseHead(status, headers), Prompts.json(body), NOW);
  }
}
