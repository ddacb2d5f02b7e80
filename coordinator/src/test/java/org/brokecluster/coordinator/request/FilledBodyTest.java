package org.brokecluster.coordinator.request;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.brokecluster.protocol.router.Parameters;
import org.junit.jupiter.api.Test;

class FilledBodyTest {
  private static final byte[] BODY =
      " {\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"{}\"}]} "
          .getBytes(StandardCharsets.UTF_8);

  @Test
  void addsTheFieldsAndKeepsEverythingElse() throws IOException {
    var filled = FilledBody.of(BODY, new Parameters(0.6, 0.95, 500, false));
    var mapper = new ObjectMapper();
    var expected =
        mapper.readTree(
            "{\"temperature\":0.6,\"top_p\":0.95,\"max_tokens\":500,\"chat_template_kwargs\":"
                + "{\"enable_thinking\":false},\"model\":\"auto\",\"messages\":"
                + "[{\"role\":\"user\",\"content\":\"{}\"}]}");

    assertThat(mapper.readTree(filled)).isEqualTo(expected);
    assertThat(filled.length - BODY.length).isLessThanOrEqualTo(Parameters.JSON_MAX);
  }

  @Test
  void neverAddsMoreThanTheTicketAllows() {
    var longest = new Parameters(0.1234567890123456, 0.1234567890123456, 1_000_000_000, false);

    assertThat(FilledBody.of(BODY, longest).length - BODY.length)
        .isLessThanOrEqualTo(Parameters.JSON_MAX);
  }

  @Test
  void givesTheSameBytesBackWhereNothingIsFilledIn() {
    assertThat(FilledBody.of(BODY, null)).isSameAs(BODY);
    assertThat(FilledBody.of(BODY, Parameters.NONE)).isSameAs(BODY);
  }
}
