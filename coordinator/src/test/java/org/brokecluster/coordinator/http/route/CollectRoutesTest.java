package org.brokecluster.coordinator.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.brokecluster.coordinator.http.TestEdge;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Kept prompts and answers, over HTTP. */
class CollectRoutesTest {
  private static final TestEdge EDGE = TestEdge.start();

  @BeforeEach
  void forget() {
    EDGE.cluster().orders().clear();
    EDGE.cluster().collect().taken().clear();
    EDGE.cluster().collect().refuse(null, false);
  }

  @AfterAll
  static void stop() {
    EDGE.close();
  }

  @Test
  void givesAPageWithItsCounts() throws Exception {
    var response = EDGE.get("/api/collect?limit=3");

    assertThat(response.body())
        .isEqualTo(
            "{\"items\":[{\"name\":\"b\"}],\"texts\":1,\"redactions\":{\"email\":2},"
                + "\"unreadable\":0,\"next\":\"7:x\"}");
    assertThat(EDGE.cluster().orders()).containsExactly("texts 3 null");
  }

  @Test
  void handsEveryFilterOn() throws Exception {
    EDGE.get(
        "/api/collect?before=7:x&count=true&from=2026-11-20&user=ada&source=hand&role=tester"
            + "&model=m&tier=basic&rating=4");

    assertThat(EDGE.cluster().orders())
        .singleElement()
        .asString()
        .startsWith("texts 50 7:x counted")
        .contains("from=2026-11-20T00:00:00Z", "user=ada, source=hand, role=tester, model=m")
        .contains("tier=basic, ratingMin=4");
    for (var query : new String[] {"source=x", "rating=6", "rating=x", "format=csv"}) {
      assertThat(EDGE.get("/api/collect?" + query).statusCode()).as(query).isEqualTo(400);
    }
  }

  @Test
  void writesEveryPageAsLinesOfJson() throws Exception {
    var response = EDGE.get("/api/collect?format=jsonl");

    assertThat(response.headers().firstValue("content-type")).contains("application/x-ndjson");
    assertThat(response.body()).isEqualTo("{\"name\":\"b\"}\n{\"name\":\"a\"}\n");
    assertThat(EDGE.cluster().orders()).containsExactly("texts 50 null", "texts 50 7:x");
  }

  @Test
  void keepsProblemsAndNamesThoseThatAreNone() throws Exception {
    var body =
        "{\"source\":\"bench\",\"problems\":[{\"name\":\"a\",\"language\":\"py\",\"prompt\":\"p\"},"
            + "{\"name\":\"b\",\"language\":\"py\"}]}";

    var response = EDGE.send("POST", "/api/collect", body);

    assertThat(response.body())
        .isEqualTo(
            "{\"valid\":1,\"stored\":1,\"known\":0,"
                + "\"refused\":[{\"index\":1,\"error\":\"prompt is missing\"}]}");
    assertThat(EDGE.cluster().collect().taken())
        .singleElement()
        .satisfies(text -> assertThat(text.source()).isEqualTo("bench"));
  }

  @Test
  void sendsNoMessageThatIsTooLarge() throws Exception {
    var random = new java.util.Random(1);
    var body = new StringBuilder("{\"problems\":[");
    for (int i = 0; i < 4; i++) {
      body.append(i == 0 ? "" : ",").append("{\"name\":\"a\",\"language\":\"py\",\"prompt\":\"");
      for (int j = 0; j < 100_000; j++) {
        body.append((char) ('0' + random.nextInt(40)));
      }
      body.append("\"}");
    }

    var response =
        EDGE.send("POST", "/api/collect", body.append("]}").toString().replace("\\", ""));

    assertThat(response.body()).contains("\"stored\":4");
    assertThat(EDGE.cluster().orders()).containsExactly("keep 2", "keep 2");
  }

  @Test
  void saysThatNothingIsKept() throws Exception {
    var body = "{\"problems\":[{\"name\":\"a\",\"language\":\"py\",\"prompt\":\"p\"}]}";
    EDGE.cluster().collect().refuse("not kept: broke.history.store-content", false);
    assertThat(EDGE.send("POST", "/api/collect", body).statusCode()).isEqualTo(409);

    EDGE.cluster().collect().refuse("busy", true);
    assertThat(EDGE.send("POST", "/api/collect", body).statusCode()).isEqualTo(503);

    var dry = body.replace("{\"problems\"", "{\"dry-run\":true,\"problems\"");
    assertThat(EDGE.send("POST", "/api/collect", dry).body()).contains("\"valid\":1,\"stored\":0");
    assertThat(EDGE.send("POST", "/api/collect", "{\"problems\":[]}").statusCode()).isEqualTo(400);
  }

  @Test
  void deletesOnlyWhatIsSaid() throws Exception {
    assertThat(EDGE.send("DELETE", "/api/collect", "").statusCode()).isEqualTo(400);
    assertThat(EDGE.send("DELETE", "/api/collect?all=true", "").body())
        .isEqualTo("{\"deleted\":3}");
    EDGE.send("DELETE", "/api/collect?before=1970-01-02", "");
    EDGE.send("DELETE", "/api/collect/r-1", "");

    assertThat(EDGE.cluster().orders())
        .containsExactly("erase null null", "erase null 86400000", "erase r-1 null");
    assertThat(EDGE.get("/api/collect/summary").body()).contains("\"on\":true");
  }
}
