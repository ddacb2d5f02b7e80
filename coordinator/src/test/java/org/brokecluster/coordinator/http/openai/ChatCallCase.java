package org.brokecluster.coordinator.http.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import org.brokecluster.coordinator.http.error.ApiError;
import org.brokecluster.coordinator.http.error.ApiException;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Api;

/** Reads calls from JSON in which single quotes stand for double ones. */
abstract class ChatCallCase {
  static final RequestId REQUEST = RequestId.of("r-1");
  static final String HI = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
  final ChatCallReader reader = new ChatCallReader(true);

  ChatCall chat(String body) {
    return chat(body, Map.of());
  }

  /** Single quotes stand for double ones, to keep JSON readable. */
  ChatCall chat(String body, Map<String, String> headers) {
    return reader.read(Api.CHAT, REQUEST, body.replace('\'', '"').getBytes(UTF_8), headers);
  }

  ChatCall withHi(String more) {
    return chat("{" + HI + (more.isEmpty() ? "" : "," + more) + "}");
  }

  static ApiError refused(Runnable call) {
    var thrown = catchThrowableOfType(ApiException.class, call::run);
    assertThat(thrown).as("nothing was refused").isNotNull();
    assertThat(thrown.error().status()).isEqualTo(400);
    assertThat(thrown.error().type()).isEqualTo("invalid_request_error");
    return thrown.error();
  }
}
