package org.brokecluster.coordinator.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.brokecluster.coordinator.http.TestEdge;
import org.brokecluster.coordinator.http.api.QueueEntry;
import org.brokecluster.coordinator.http.api.Readiness;
import org.brokecluster.coordinator.http.error.ApiException;
import org.brokecluster.coordinator.http.error.ErrorStatus;
import org.brokecluster.protocol.router.Refusal;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every path of an edge over HTTP, with a cluster that is made up. */
class EdgeRoutesTest {
  private static final TestEdge EDGE = TestEdge.start();
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String CHAT = "/v1/chat/completions";
  private static final String BODY = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  @BeforeEach
  void forget() {
    EDGE.calls().clear();
    EDGE.cluster().orders().clear();
    EDGE.cluster().readiness(new Readiness(true, List.of(), 2, 3, "studio", "ok", 0, 0));
    EDGE.answering(
        (call, watch) ->
            CompletableFuture.completedFuture(
                akka.http.javadsl.model.HttpResponse.create().withEntity("answer")));
  }

  @AfterAll
  static void stop() {
    EDGE.close();
  }

  private static JsonNode json(HttpResponse<String> response) throws Exception {
    return MAPPER.readTree(response.body());
  }

  private static JsonNode errorOf(HttpResponse<String> response, int status) throws Exception {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("content-type")).contains("application/json");
    assertThat(response.headers().firstValue("x-request-id")).isPresent();
    var error = json(response).path("error");
    assertThat(error.path("message").asText()).isNotBlank();
    assertThat(error.path("type").asText()).isNotBlank();
    assertThat(error.has("param")).isTrue();
    assertThat(error.path("code").asText()).isNotBlank();
    return error;
  }

  @Test
  void handsAValidCallToTheDesk() throws Exception {
    var response = EDGE.send("POST", CHAT, BODY, "X-Broke-Strategy", "speed");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("answer");
    var call = EDGE.calls().get(0);
    assertThat(call.body()).asString().isEqualTo(BODY);
    assertThat(call.wishes().strategy()).isEqualTo("speed");
    assertThat(response.headers().firstValue("x-request-id")).contains(call.request().value());
  }

  @Test
  void givesEveryRequestAnIdOfItsOwn() throws Exception {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      ids.add(EDGE.get("/health").headers().firstValue("x-request-id").orElseThrow());
    }

    assertThat(ids).hasSize(20);
  }

  @Test
  void refusesACallThatIsNotValidBeforeTheDeskSeesIt() throws Exception {
    assertThat(errorOf(EDGE.send("POST", CHAT, "{\"messages\":5}"), 400).path("param").asText())
        .isEqualTo("messages");
    assertThat(errorOf(EDGE.send("POST", CHAT, "{"), 400).path("code").asText())
        .isEqualTo("invalid_json");
    assertThat(errorOf(EDGE.send("POST", "/v1/completions", BODY), 400).path("param").asText())
        .isEqualTo("prompt");
    assertThat(EDGE.calls()).isEmpty();
  }

  @Test
  void refusesACompressedBody() throws Exception {
    assertThat(
            errorOf(EDGE.send("POST", CHAT, BODY, "Content-Encoding", "gzip"), 415)
                .path("code")
                .asText())
        .isEqualTo("unsupported_encoding");
  }

  @Test
  void tellsARefusalOfTheRouterWithItsAdvice() throws Exception {
    EDGE.answering(
        (call, watch) ->
            CompletableFuture.failedFuture(
                new ApiException(ErrorStatus.of(Refusal.QUEUE_FULL, "30 wait", 2_500L))));

    var response = EDGE.send("POST", CHAT, BODY);

    assertThat(errorOf(response, 429).path("message").asText()).isEqualTo("30 wait");
    assertThat(response.headers().firstValue("retry-after")).contains("3");
  }

  @Test
  void hidesWhatWentWrongInsideButNamesTheRequest() throws Exception {
    EDGE.answering(
        (call, watch) -> {
          throw new IllegalStateException("secret");
        });

    var response = EDGE.send("POST", CHAT, BODY);

    var error = errorOf(response, 500);
    assertThat(response.body()).doesNotContain("secret").doesNotContain("Exception");
    assertThat(error.path("message").asText())
        .contains(response.headers().firstValue("x-request-id").orElseThrow());
  }

  @Test
  void tellsThatTheClusterDidNotAnswer() throws Exception {
    EDGE.answering((call, watch) -> CompletableFuture.failedFuture(new TimeoutException("5 s")));

    assertThat(errorOf(EDGE.send("POST", CHAT, BODY), 503).path("code").asText())
        .isEqualTo("cluster_timeout");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET    | /v1/chat/completions | OPTIONS, POST",
        "DELETE | /v1/models           | GET, HEAD, OPTIONS",
        "DELETE | /v1/models/a/b       | GET, HEAD, OPTIONS",
        "POST   | /health              | GET, HEAD, OPTIONS",
        "POST   | /api/config          | GET, HEAD, OPTIONS, PUT",
        "GET    | /api/nodes/studio/drain | OPTIONS, POST",
      })
  void tellsWhichMethodsAPathHas(String method, String path, String allowed) throws Exception {
    var response = EDGE.send(method, path, "{}");

    assertThat(errorOf(response, 405).path("code").asText()).isEqualTo("method_not_allowed");
    assertThat(response.headers().firstValue("allow")).contains(allowed);
  }

  @Test
  void answersOptionsWithWhatIsAllowed() throws Exception {
    var response = EDGE.send("OPTIONS", CHAT, "");

    assertThat(response.statusCode()).isEqualTo(204);
    assertThat(response.headers().firstValue("allow")).contains("OPTIONS, POST");
    assertThat(response.headers().firstValue("access-control-allow-origin")).isEmpty();
  }

  @Test
  void answersHeadLikeGetButWithoutTheBody() throws Exception {
    try (var client = EDGE.connect()) {
      var head =
          client.send("HEAD /v1/models HTTP/1.1\nHost: localhost\nConnection: close\n\n").readAll();

      assertThat(head).startsWith("HTTP/1.1 200").contains("application/json");
      assertThat(head).endsWith("\r\n\r\n");
    }
  }

  @Test
  void listsAutoThenTiersThenServableModels() throws Exception {
    var list = json(EDGE.get("/v1/models"));

    assertThat(list.path("object").asText()).isEqualTo("list");
    assertThat(list.path("data").findValuesAsText("id"))
        .containsExactly("auto", "basic", "premium", "lab/Large-4bit", "small");
    var model = list.path("data").get(4);
    assertThat(model.path("object").asText()).isEqualTo("model");
    assertThat(model.path("created").asLong()).isEqualTo(1_700_000_000);
    assertThat(model.path("owned_by").asText()).isEqualTo("broke-cluster");
    assertThat(model.path("broke").path("tier").asText()).isEqualTo("basic");
    assertThat(model.path("broke").path("state").asText()).isEqualTo("loaded");
    assertThat(model.path("broke").path("nodes").toString()).isEqualTo("[\"mini\",\"studio\"]");
  }

  @Test
  void findsAModelWhoseIdHasASlash() throws Exception {
    for (var path : List.of("/v1/models/lab/Large-4bit", "/v1/models/lab%2FLarge-4bit")) {
      assertThat(json(EDGE.get(path)).path("id").asText()).isEqualTo("lab/Large-4bit");
    }
    var missing = errorOf(EDGE.get("/v1/models/gpt-9"), 404);
    assertThat(missing.path("code").asText()).isEqualTo("model_not_found");
    assertThat(missing.path("message").asText()).contains("auto, basic, premium");
  }

  @Test
  void isAliveAndSaysWhoItIs() throws Exception {
    var health = json(EDGE.get("/health"));

    assertThat(health.path("status").asText()).isEqualTo("ok");
    assertThat(health.path("service").asText()).isEqualTo("broke");
    assertThat(health.path("version").asText()).isEqualTo("1.2.3");
  }

  @Test
  void isReadyOnlyWhenAModelCanAnswer() throws Exception {
    assertThat(EDGE.get("/ready").statusCode()).isEqualTo(200);

    EDGE.cluster().readiness(new Readiness(false, List.of("no node is up"), 0, 0, "", "gap", 5, 2));

    var response = EDGE.get("/ready");
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(json(response).path("reasons").get(0).asText()).isEqualTo("no node is up");
    assertThat(json(response).path("history").asText()).isEqualTo("gap");
    assertThat(json(response).path("historyLost").asInt()).isEqualTo(2);
  }

  @Test
  void countsRequestsByRouteAndStatus() throws Exception {
    var before = EDGE.get("/v1/models/a-model-nobody-has");

    assertThat(before.statusCode()).isEqualTo(404);
    assertThat(EDGE.get("/metrics").body())
        .contains("broke_http_requests_total{route=\"/v1/models/{id...}\",status=\"404\"}")
        .contains("broke_http_connections ");
  }

  @Test
  void describesNodes() throws Exception {
    var nodes = json(EDGE.get("/api/nodes"));

    assertThat(nodes.isArray()).isTrue();
    var studio = nodes.get(1);
    assertThat(studio.path("name").asText()).isEqualTo("studio");
    assertThat(studio.path("state").asText()).isEqualTo("up");
    assertThat(studio.path("pid").asLong()).isEqualTo(4711);
    assertThat(studio.path("simulated").asBoolean()).isTrue();
    assertThat(studio.path("memoryBytes").asLong()).isEqualTo(64L << 30);
    assertThat(studio.path("running").asInt()).isEqualTo(3);
    assertThat(studio.path("queued").asInt()).isZero();
    var model = studio.path("models").get(1);
    assertThat(model.path("id").asText()).isEqualTo("lab/Large-4bit");
    assertThat(model.path("state").asText()).isEqualTo("loading");
    assertThat(model.path("speed").path("decodeTokensPerSecond").asDouble()).isEqualTo(55.6);
    assertThat(model.has("reason")).isFalse();
    assertThat(json(EDGE.get("/api/nodes/studio"))).isEqualTo(studio);
    assertThat(errorOf(EDGE.get("/api/nodes/nobody"), 404).path("code").asText())
        .isEqualTo("node_not_found");
  }

  @Test
  void describesModelsOverAllNodes() throws Exception {
    var models = json(EDGE.get("/api/cluster/models"));

    assertThat(models.findValuesAsText("id")).containsExactly("lab/Large-4bit", "broken", "small");
    assertThat(models.get(2).path("nodes").toString()).isEqualTo("[\"mini\",\"studio\"]");
    assertThat(models.get(2).path("state").asText()).isEqualTo("loaded");
    assertThat(models.get(2).path("contextLength").asInt()).isEqualTo(8192);
    assertThat(models.get(1).path("servable").asBoolean()).isFalse();
    assertThat(json(EDGE.get("/api/cluster/status")).path("nodes")).hasSize(2);
  }

  @Test
  void tellsHowFullTheQueueIsOrThatNobodyKnows() throws Exception {
    assertThat(errorOf(EDGE.get("/api/queue/status"), 503).path("code").asText())
        .isEqualTo("no_router");
    EDGE.cluster()
        .queue(
            new QueueEntry(
                3,
                100,
                12_000,
                Map.of("interactive", 3),
                Map.of("auto", 3),
                Map.of("mini", 2),
                7,
                20,
                18,
                0,
                1,
                42));

    var queue = json(EDGE.get("/api/queue/status"));

    assertThat(queue.path("waiting").asInt()).isEqualTo(3);
    assertThat(queue.path("waitingByNode").path("mini").asInt()).isEqualTo(2);
    assertThat(queue.path("retriesLeft").asInt()).isEqualTo(18);
  }

  @Test
  void passesOrdersToNodesOn() throws Exception {
    EDGE.send("POST", "/api/nodes/mini/drain", "");
    EDGE.send("POST", "/api/nodes/mini/resume", "");
    EDGE.send("POST", "/api/nodes/studio/models/lab/Large-4bit/unload", "");
    EDGE.send("POST", "/api/nodes/studio/models/pin", "{\"model\":\"small\"}");

    assertThat(EDGE.cluster().orders())
        .containsExactly(
            "drain mini", "resume mini", "UNLOAD lab/Large-4bit on studio", "PIN small on studio");
    assertThat(errorOf(EDGE.send("POST", "/api/nodes/x/drain", ""), 404).path("code").asText())
        .isEqualTo("node_not_found");
    var refused =
        errorOf(EDGE.send("POST", "/api/nodes/mini/models/load", "{\"model\":\"broken\"}"), 409);
    assertThat(refused.path("message").asText()).isEqualTo("it is broken");
    errorOf(EDGE.send("POST", "/api/nodes/mini/models/load", "{}"), 400);
  }

  @Test
  void showsThePlacementPlan() throws Exception {
    assertThat(json(EDGE.get("/api/plan")).path("mode").asText()).isEqualTo("suggest");
  }

  @Test
  void decidesWithoutPlacing() throws Exception {
    assertThat(EDGE.send("POST", "/api/routes", "{\"prompt\":\"hi\",\"model\":\"basic\"}").body())
        .isEqualTo("{\"chosen\":\"small\"}");
    EDGE.send("POST", "/api/routes", BODY);

    assertThat(EDGE.cluster().orders())
        .containsExactly("dry run CHAT basic 5", "dry run CHAT auto 5");
    errorOf(EDGE.send("POST", "/api/routes", "{}"), 400);
    assertThat(EDGE.calls()).isEmpty();
  }

  @Test
  void showsTheHistory() throws Exception {
    assertThat(EDGE.get("/api/history?limit=2&before=9").body())
        .isEqualTo("{\"items\":[{\"id\":1},{\"id\":2}],\"next\":\"7\"}");
    EDGE.get("/api/history");

    assertThat(EDGE.cluster().orders()).containsExactly("history 2 9", "history 50 null");
    errorOf(EDGE.get("/api/history?limit=0"), 400);
    errorOf(EDGE.get("/api/history?limit=many"), 400);
    assertThat(EDGE.get("/api/requests/known").body()).isEqualTo("{\"id\":\"known\"}");
    assertThat(EDGE.get("/api/requests/known/explain").body()).contains("candidates");
    errorOf(EDGE.get("/api/requests/unknown"), 404);
    errorOf(EDGE.get("/api/requests/bad%20id/explain"), 400);
    assertThat(EDGE.get("/api/replay").body()).contains("identical");
    assertThat(EDGE.send("POST", "/api/replay", "").body()).contains("identical");
  }

  @Test
  void changesTheStrategyAndNothingElse() throws Exception {
    assertThat(json(EDGE.get("/api/config")).path("strategies")).hasSize(2);
    var set = EDGE.send("PUT", "/api/config", "{\"strategy\":\"speed\"}");
    assertThat(json(set).path("strategy").asText()).isEqualTo("speed");

    assertThat(
            errorOf(EDGE.send("PUT", "/api/config", "{\"port\":1}"), 400).path("message").asText())
        .contains("strategy");
    errorOf(EDGE.send("PUT", "/api/config", "{}"), 400);
    errorOf(EDGE.send("PUT", "/api/config", "{\"strategy\":\"luck\"}"), 400);
  }

  @Test
  void hasAPageThatRunsOnlyItsOwnScript() throws Exception {
    var page = EDGE.get("/");

    assertThat(page.headers().firstValue("content-type").orElse("")).startsWith("text/html");
    assertThat(page.headers().firstValue("content-security-policy").orElse(""))
        .contains("script-src 'self'");
    assertThat(page.body())
        .contains("/page.js", "/ask.js", "/requests.js", "a prompt sent here can be answered")
        .doesNotContain("<script>");
    assertThat(EDGE.get("/page.js").body()).contains("/api/nodes");
    assertThat(EDGE.get("/ask.js").body()).contains("/v1/chat/completions");
    assertThat(EDGE.get("/requests.js").body()).contains("/api/history", "/explain");
    assertThat(EDGE.get("/page.css").body()).contains("prefers-color-scheme: dark");
  }
}
