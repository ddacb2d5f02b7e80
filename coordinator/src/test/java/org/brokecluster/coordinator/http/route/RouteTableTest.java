package org.brokecluster.coordinator.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RouteTableTest {
  private static final Endpoint NOTHING = exchange -> new CompletableFuture<>();

  private final RouteTable table =
      new RouteTable()
          .add("GET", "/a", NOTHING)
          .add("POST", "/a", NOTHING)
          .add("GET", "/n/{name}", NOTHING)
          .add("POST", "/n/{name}/m/load", NOTHING)
          .add("POST", "/n/{name}/m/{id...}/load", NOTHING);

  private String found(String path) {
    var match = table.find(path);
    return match == null ? "none" : match.resource().path();
  }

  @Test
  void findsFixedPathsOnlyWhole() {
    assertThat(found("/a")).isEqualTo("/a");
    assertThat(found("/a//")).isEqualTo("none");
    assertThat(found("/b")).isEqualTo("none");
  }

  @Test
  void takesASlashTooManyAtTheEnd() {
    assertThat(found("/a/")).isEqualTo("/a");
    assertThat(table.find("/n/x/").parameters()).containsEntry("name", "x");
    assertThat(found("/")).isEqualTo("none");
  }

  @Test
  void knowsThePathThatWasMeant() {
    var edge =
        new RouteTable()
            .add("GET", "/", NOTHING)
            .add("GET", "/v1/models", NOTHING)
            .add("POST", "/v1/completions", NOTHING)
            .add("POST", "/v1/chat/completions", NOTHING);

    assertThat(edge.meant("/chat/completions")).isEqualTo("/v1/chat/completions");
    assertThat(edge.meant("/completions/")).isEqualTo("/v1/completions");
    assertThat(edge.meant("/v1/v1/models")).isEqualTo("/v1/models");
    assertThat(edge.meant("/v1/embeddings")).isNull();
    assertThat(edge.paths()).contains("/", "/v1/models").hasSize(4);
  }

  @Test
  void fillsPlaceholders() {
    assertThat(table.find("/n/x").parameters()).containsEntry("name", "x");
    assertThat(table.find("/n/x/m/a/b/load").parameters())
        .containsEntry("name", "x")
        .containsEntry("id", "a/b");
    assertThat(found("/n/x/y")).isEqualTo("none");
    assertThat(found("/n/")).isEqualTo("none");
  }

  @Test
  void decodesPlaceholders() {
    assertThat(table.find("/n/a%2Fb+c%20d").parameters()).containsEntry("name", "a/b+c d");
  }

  @Test
  void prefersThePathThatWasAddedFirst() {
    assertThat(found("/n/x/m/load")).isEqualTo("/n/{name}/m/load");
  }

  @Test
  void tellsWhatIsAllowed() {
    assertThat(table.find("/a").resource().allow()).isEqualTo("GET, HEAD, OPTIONS, POST");
    assertThat(table.find("/a").resource().endpoint("HEAD")).isNotNull();
    assertThat(table.find("/a").resource().endpoint("PUT")).isNull();
  }
}
