package org.brokecluster.coordinator.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.brokecluster.coordinator.http.TestEdge;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Questions to the history over HTTP. */
class HistoryRoutesTest {
  private static final TestEdge EDGE = TestEdge.start();

  @BeforeEach
  void forget() {
    EDGE.cluster().orders().clear();
  }

  @AfterAll
  static void stop() {
    EDGE.close();
  }

  @Test
  void handsEveryFilterOn() throws Exception {
    var response =
        EDGE.get(
            "/api/history?limit=3&from=2026-11-20&to=2026-11-21T14:03:07Z&user=ada&role=tester"
                + "&model=m&node=n&status=failed&tier=basic&strategy=s&slow=1.5&rescued=true");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(EDGE.cluster().orders())
        .singleElement()
        .asString()
        .contains("from=2026-11-20T00:00:00Z")
        .contains("to=2026-11-21T14:03:07Z")
        .contains("user=ada, role=tester, model=m, node=n, state=failed, tier=basic, strategy=s")
        .contains("slowMs=1500, rescued=true");
  }

  @Test
  void refusesFiltersThatMeanNothing() throws Exception {
    for (var query :
        new String[] {
          "from=yesterday", "slow=-1", "slow=x", "rescued=maybe", "status=broken", "format=xml"
        }) {
      assertThat(EDGE.get("/api/history?" + query).statusCode()).as(query).isEqualTo(400);
    }
    assertThat(EDGE.get("/api/cluster/at").statusCode()).isEqualTo(400);
  }

  @Test
  void writesEveryPageAsCommaSeparatedValues() throws Exception {
    var response = EDGE.get("/api/history?format=csv");

    assertThat(response.headers().firstValue("content-type").orElse("")).startsWith("text/csv");
    var lines = response.body().lines().toList();
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0)).startsWith("at,request,state,user,").endsWith(",failure,error");
    assertThat(lines.get(3)).startsWith(",r3,").endsWith(",\"'=a, \"\"b\"\"\"").contains(",5,");
    assertThat(EDGE.cluster().orders()).containsExactly("history 500 null", "history 500 7");
  }

  @Test
  void copiesTheWholeHistoryPieceAfterPiece() throws Exception {
    var response = EDGE.get("/api/history/backup");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).contains("application/x-ndjson");
    assertThat(response.body()).isEqualTo("{\"kind\":\"header\"}\nder\"}\n");
  }

  @Test
  void writesEveryPageAsLinesOfJson() throws Exception {
    var response = EDGE.get("/api/history?format=jsonl");

    assertThat(response.headers().firstValue("content-type")).contains("application/x-ndjson");
    assertThat(response.body().lines()).hasSize(3).startsWith("{\"id\":1}");
    assertThat(response.body()).endsWith("\n");
  }

  @Test
  void writesAUsageLogOfWhatIsKnown() throws Exception {
    var lines = EDGE.get("/api/history?format=usage&user=ada").body().lines().toList();

    assertThat(lines).containsExactly("{}", "{}", "{\"request\":\"r3\",\"ms\":5}");
    assertThat(EDGE.cluster().orders()).hasSize(2).allMatch(order -> order.contains("user=ada"));
  }

  @Test
  void asksForFiguresThePastAndForgetting() throws Exception {
    assertThat(EDGE.get("/api/history/summary?by=node&tier=basic").body()).contains("node");
    assertThat(EDGE.get("/api/cluster/at?time=2026-11-21T14:03:07Z").body()).contains("14:03:07");
    assertThat(EDGE.get("/api/cluster/at?time=1960-01-01").statusCode()).isEqualTo(404);
    assertThat(EDGE.send("DELETE", "/api/history/users/ada%20l", "").body()).contains("forgotten");

    assertThat(EDGE.cluster().orders())
        .hasSize(4)
        .contains("past 2026-11-21T14:03:07Z", "forget ada l")
        .anyMatch(order -> order.startsWith("summary node") && order.contains("tier=basic"));
  }

  @Test
  void asksWhatWouldHaveBeen() throws Exception {
    var body =
        "{\"strategy\":\"speed\",\"set\":{\"tick\":\"1s\"},\"without\":[\"mini\"],"
            + "\"add\":[\"m1:16\"],\"from\":\"2026-11-20\"}";

    assertThat(EDGE.send("POST", "/api/replay", body).body()).contains("supposed");

    assertThat(EDGE.cluster().orders())
        .singleElement()
        .asString()
        .contains("strategy=speed", "key=tick, value=1s", "[mini]", "[m1:16]", "2026-11-20T00");
    assertThat(EDGE.send("POST", "/api/replay", "{\"luck\":1}").statusCode()).isEqualTo(400);
    assertThat(EDGE.send("POST", "/api/replay", "{\"strategy\":1}").statusCode()).isEqualTo(400);
    assertThat(EDGE.send("POST", "/api/replay", "{\"add\":[1]}").statusCode()).isEqualTo(400);
  }
}
