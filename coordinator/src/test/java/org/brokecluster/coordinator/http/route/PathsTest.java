package org.brokecluster.coordinator.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.brokecluster.coordinator.http.TestEdge;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which paths there are, and what those hear who ask for another. */
class PathsTest {
  private static final TestEdge EDGE = TestEdge.start();
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @AfterAll
  static void stop() {
    EDGE.close();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v1/nothing",
    "POST, /v1/chat/completions//",
    "GET, /api/nodes/studio/models",
    "DELETE, /nothing",
  })
  void knowsNoOtherPaths(String method, String path) throws Exception {
    var error = errorOf(EDGE.send(method, path, "{}"), 404);

    assertThat(error.path("code").asText()).isEqualTo("unknown_url");
    assertThat(error.path("message").asText()).contains(method + " " + path);
  }

  @Test
  void answersWithASlashTooManyAndNamesThePathThatWasMeant() throws Exception {
    assertThat(EDGE.get("/v1/models/").body()).isEqualTo(EDGE.get("/v1/models").body());
    assertThat(said("/chat/completions")).endsWith("did you mean /v1/chat/completions?");
    assertThat(said("/v1/embeddings")).contains("/v1/chat/completions, /v1/completions");
  }

  @Test
  void thePageOfTheApiNamesEveryPathAndNoOther() throws Exception {
    var page = Files.readString(Path.of("..", "docs", "api.md"));
    var named = Pattern.compile("[` ](/(?:v1|api)/[^` ,]+)`").matcher(page);
    var written = named.results().map(result -> result.group(1)).distinct().toList();

    assertThat(EDGE.paths()).allSatisfy(path -> assertThat(page).contains(path + "`"));
    assertThat(EDGE.paths()).containsAll(written);
  }

  private static String said(String path) throws Exception {
    return errorOf(EDGE.send("POST", path, "{}"), 404).path("message").asText();
  }

  private static JsonNode errorOf(HttpResponse<String> response, int status) throws Exception {
    assertThat(response.statusCode()).isEqualTo(status);
    return MAPPER.readTree(response.body()).path("error");
  }
}
