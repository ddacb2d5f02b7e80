package org.brokecluster.coordinator.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import akka.http.javadsl.model.HttpResponse;
import java.util.concurrent.CompletableFuture;
import org.brokecluster.coordinator.http.TestEdge;
import org.junit.jupiter.api.Test;

/** Goal: an answer is found again by whoever asked for it, and by nobody else. */
class ReattachRoutesTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String BODY = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]%s}";

  @Test
  void belongsToTheUserThatTheCallNamed() throws Exception {
    try (var edge = TestEdge.start()) {
      keeping(edge, "", "x-broke-user", "ann");
      keeping(edge, ",\"user\":\"ann\"");
      keeping(edge, "");

      for (var call : edge.calls()) {
        boolean hers = call.wishes().user() != null;
        var path = "/api/requests/" + call.request().value() + "/stream";
        var asAnn = edge.get(path, "x-broke-user", "ann").body();
        var asNobody = edge.get(path).body();
        assertThat(asAnn.equals(call.owner())).isEqualTo(hers);
        assertThat(asNobody.equals(call.owner())).isEqualTo(!hers);
        assertThat(edge.get(path, "x-broke-user", "bob").body()).isNotEqualTo(call.owner());
      }
      assertThat(edge.calls()).hasSize(3);
    }
  }

  @Test
  void belongsToTheKeyWhereKeysAreSetWhateverUserIsNamed() throws Exception {
    try (var edge = TestEdge.start("api-keys = [key-number-one, key-number-two]")) {
      keeping(edge, "", "Authorization", "Bearer key-number-one", "x-broke-user", "ann");
      var call = edge.calls().get(0);
      var path = "/api/requests/" + call.request().value() + "/stream";

      assertThat(edge.get(path, "Authorization", "Bearer key-number-one").body())
          .isEqualTo(call.owner());
      assertThat(
              edge.get(path, "Authorization", "Bearer key-number-two", "x-broke-user", "ann")
                  .body())
          .isNotEqualTo(call.owner());
      assertThat(edge.get(path).statusCode()).isEqualTo(401);
      assertThat(call.owner()).doesNotContain("key-number-one");
    }
  }

  @Test
  void anAnswerThatIsNotKeptBelongsToNobody() throws Exception {
    try (var edge = TestEdge.start()) {
      edge.send("POST", CHAT, BODY.formatted(""));

      assertThat(edge.calls().get(0).owner()).isEmpty();
    }
  }

  @Test
  void goesOnBehindTheEventTheClientNames() throws Exception {
    try (var edge = TestEdge.start()) {
      edge.reattaching(
          (request, after, owner, watch) ->
              CompletableFuture.completedFuture(
                  HttpResponse.create().withEntity(request + " " + after)));

      assertThat(edge.get("/api/requests/r-1/stream", "Last-Event-ID", "17").body())
          .isEqualTo("r-1 17");
      assertThat(edge.get("/api/requests/r-1/stream").body()).isEqualTo("r-1 0");
      for (var wrong : new String[] {"-1", "x", "1.5"}) {
        var refused = edge.get("/api/requests/r-1/stream", "Last-Event-ID", wrong);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("Last-Event-ID");
      }
    }
  }

  private static void keeping(TestEdge edge, String more, String... headers) throws Exception {
    var all = java.util.Arrays.copyOf(headers, headers.length + 2);
    all[headers.length] = "x-broke-keep";
    all[headers.length + 1] = "30";
    edge.send("POST", CHAT, BODY.formatted(more), all);
  }
}
