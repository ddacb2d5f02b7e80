package org.brokecluster.node.runtime.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.brokecluster.node.runtime.LoadException;
import org.brokecluster.node.runtime.http.ScriptedServer;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.ModelState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that load a model because a request names it. */
@Timeout(180)
class LoadByRequestTest {
  private static final String LIST = "{'data':[{'id':'lab/a-4b'},{'id':'lab/b-4b'}]}";

  private ScriptedServer server;
  private OpenAiRuntime runtime;

  @BeforeEach
  void attach() throws Exception {
    server =
        new ScriptedServer(
            (request, wire) -> {
              if (request.line().startsWith("GET")) {
                return wire.json(200, LIST);
              }
              wire.closingHead(request.body().contains("b-4b") ? 404 : 200, "text/event-stream");
              if (request.body().contains("b-4b")) {
                wire.raw("{\"error\": \"Model type qwen9 not supported.\"}");
                return false;
              }
              wire.raw("data: " + Servers.content("Hello").replace('\'', '"') + "\n\n");
              wire.raw("data: " + Servers.finish("length").replace('\'', '"') + "\n\n");
              wire.raw("data: [DONE]\n\n");
              return false;
            });
    runtime = Servers.attach("mlx=" + server.url(), Servers.SETTINGS);
    models();
  }

  @AfterEach
  void stop() throws Exception {
    runtime.close().toCompletableFuture().get(60, TimeUnit.SECONDS);
    server.close();
  }

  @Test
  void showsNoModelAsLoadedThatMayNotBe() throws Exception {
    assertThat(models()).containsExactly(ModelState.DISK, ModelState.DISK);
  }

  @Test
  void provesAModelByOneToken() throws Exception {
    load("lab/a-4b");

    assertThat(models()).containsExactly(ModelState.LOADED, ModelState.DISK);
    var asked = server.requests().get(1);
    assertThat(asked.line()).startsWith("POST /v1/chat/completions ");
    assertThat(asked.body()).contains("\"model\":\"lab/a-4b\"", "\"max_tokens\":1");
  }

  @Test
  void saysWhyAModelDoesNotLoad() throws Exception {
    assertThatThrownBy(() -> load("lab/b-4b"))
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseInstanceOf(LoadException.class)
        .hasMessageContaining("model=lab/b-4b")
        .hasMessageContaining("qwen9");
    assertThat(models()).containsExactly(ModelState.DISK, ModelState.DISK);
  }

  private void load(String model) throws Exception {
    runtime.load(ModelId.of(model), share -> {}).toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private List<ModelState> models() throws Exception {
    return runtime.models().toCompletableFuture().get(60, TimeUnit.SECONDS).stream()
        .map(model -> model.state())
        .toList();
  }
}
