package org.brokecluster.coordinator.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.brokecluster.coordinator.http.TestEdge;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may call an edge, and who may not. */
class AccessTest {
  private static String request(String host, String more) {
    return "GET /health HTTP/1.1\nHost: " + host + "\n" + more + "Connection: close\n\n";
  }

  private static String answer(TestEdge edge, String host, String more) throws Exception {
    try (var client = edge.connect()) {
      return client.send(request(host, more)).readAll();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "localhost:8000", "127.0.0.1:1", "[::1]:8000", "LOCALHOST"})
  void answersToItsLoopbackNames(String host) throws Exception {
    try (var edge = TestEdge.start()) {
      assertThat(answer(edge, host, "")).startsWith("HTTP/1.1 200");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "127.0.0.1.evil.example:80", "localhost.evil.example"})
  void doesNotAnswerToNamesThatWereReboundToLoopback(String host) throws Exception {
    try (var edge = TestEdge.start()) {
      assertThat(answer(edge, host, ""))
          .startsWith("HTTP/1.1 403")
          .contains("host_not_allowed")
          .contains("broke.http.allowed-hosts");
    }
  }

  @Test
  void answersToNamesItWasGiven() throws Exception {
    try (var edge = TestEdge.start("allowed-hosts = [studio.local]")) {
      assertThat(answer(edge, "Studio.local:8000", "")).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void letsNoForeignPageCallIt() throws Exception {
    try (var edge = TestEdge.start()) {
      assertThat(answer(edge, "localhost", "Origin: https://evil.example\n"))
          .startsWith("HTTP/1.1 403")
          .contains("origin_not_allowed");
      assertThat(answer(edge, "localhost", "Origin: null\n")).startsWith("HTTP/1.1 403");
      assertThat(answer(edge, "localhost", "Origin: http://localhost:8000\n"))
          .startsWith("HTTP/1.1 200")
          .doesNotContain("Access-Control");
    }
  }

  @Test
  void letsPagesOfNamedOriginsReadAnswers() throws Exception {
    try (var edge = TestEdge.start("allowed-origins = [\"https://chat.example\"]")) {
      assertThat(answer(edge, "localhost", "Origin: https://chat.example\n"))
          .startsWith("HTTP/1.1 200")
          .contains("Access-Control-Allow-Origin: https://chat.example");
    }
  }

  @Test
  void wantsAKeyWhereKeysAreSet() throws Exception {
    try (var edge = TestEdge.start("api-keys = [first-key, second-key]")) {
      var without = edge.get("/v1/models");
      assertThat(without.statusCode()).isEqualTo(401);
      assertThat(without.body()).contains("\"code\":\"invalid_api_key\"");
      assertThat(without.headers().firstValue("www-authenticate")).contains("Bearer");
      assertThat(edge.get("/api/nodes", "Authorization", "Bearer wrong-key").statusCode())
          .isEqualTo(401);
      assertThat(edge.get("/api/nodes", "Authorization", "Basic first-key").statusCode())
          .isEqualTo(401);
      assertThat(edge.get("/api/nodes", "Authorization", "Bearer first-key").statusCode())
          .isEqualTo(200);
      assertThat(edge.get("/v1/models", "Authorization", "bearer second-key").statusCode())
          .isEqualTo(200);
      assertThat(edge.get("/health").statusCode()).isEqualTo(200);
      assertThat(edge.get("/v1/nothing").statusCode()).isEqualTo(401);
    }
  }

  @Test
  void letsABrowserAskForPermissionWithoutAKey() throws Exception {
    try (var edge =
        TestEdge.start("api-keys = [first-key]", "allowed-origins = [\"https://chat.example\"]")) {
      try (var client = edge.connect()) {
        var answer =
            client
                .send("OPTIONS /v1/chat/completions HTTP/1.1\nHost: localhost\n")
                .send("Origin: https://chat.example\nConnection: close\n\n")
                .readAll();

        assertThat(answer)
            .startsWith("HTTP/1.1 204")
            .contains("Access-Control-Allow-Headers: authorization");
      }
    }
  }
}
