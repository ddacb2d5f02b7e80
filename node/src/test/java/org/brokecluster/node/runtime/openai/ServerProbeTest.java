package org.brokecluster.node.runtime.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.brokecluster.node.runtime.http.ScriptedServer;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.state.ModelFacts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(180)
class ServerProbeTest {
  private static final String LIST = "{'data':[{'id':'m-4b','owned_by':'%s'}]}";

  private ScriptedServer server;
  private OpenAiRuntime runtime;

  @AfterEach
  void stop() throws Exception {
    runtime.close().toCompletableFuture().get(60, TimeUnit.SECONDS);
    server.close();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "llamacpp,LLAMA",
    "vllm,VLLM",
    "organization_owner,LM_STUDIO",
    "mlx-knife-2.0,MLX_KNIFE",
    "library,OLLAMA_COMPATIBLE",
    "exo,GENERIC",
    "somebody,GENERIC"
  })
  void tellsAServerByWhoOwnsItsModels(String owner, Dialect dialect) throws Exception {
    attach("openai", Map.of("/v1/models", LIST.formatted(owner)));

    assertThat(list().runtime()).isEqualTo(dialect.label());
    assertThat(runtime.dialect()).isEqualTo(dialect);
    assertThat(runtime.name()).isEqualTo(dialect.label());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "/api/version|{'version':'0.13.5'}|OLLAMA_COMPATIBLE",
        "/api/v0/models|{'data':[{'id':'m-4b','state':'loaded'}]}|LM_STUDIO",
        "/health|{'status':'healthy','service':'mlx-knife-server-2.0'}|MLX_KNIFE",
        "/health|{'status':'ok','loaded_model':'m-4b'}|MLX_VLM",
        "/health|{'status':'ok'}|GENERIC"
      })
  void asksFurtherWhereTheListDoesNotTell(String path, String answer, Dialect dialect)
      throws Exception {
    attach("openai", Map.of("/v1/models", LIST.formatted("me"), path, answer));

    list();

    assertThat(runtime.dialect()).isEqualTo(dialect);
  }

  @Test
  void asksOnceAndOnlyWhatLoadsNothing() throws Exception {
    attach("openai", Map.of("/v1/models", LIST.formatted("me")));

    list();
    int asked = server.requests().size();
    list();

    assertThat(server.requests()).hasSize(asked + 1).allMatch(r -> r.line().startsWith("GET "));
  }

  @Test
  void believesTheOperator() throws Exception {
    attach("vllm", Map.of("/v1/models", LIST.formatted("llamacpp")));

    list();

    assertThat(runtime.dialect()).isEqualTo(Dialect.VLLM);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void readsLmStudiosOwnList() throws Exception {
    attach(
        "lmstudio",
        Map.of(
            "/v1/models",
            "{'data':[{'id':'a'},{'id':'b'},{'id':'c'}]}",
            "/api/v0/models",
            "{'data':[{'id':'a','type':'vlm','state':'loaded','loaded_context_length':4096,"
                + "'max_context_length':32768,'quantization':'4bit'},"
                + "{'id':'b','type':'llm','state':'not-loaded','max_context_length':8192},"
                + "{'id':'c','type':'embeddings','state':'not-loaded'}]}"));

    var models = runtime.models().toCompletableFuture().get(60, TimeUnit.SECONDS);

    assertThat(models.get(0).state()).isEqualTo(ModelState.LOADED);
    assertThat(models.get(0).facts().contextLength()).isEqualTo(4096);
    assertThat(models.get(0).facts().quantization()).isEqualTo("4bit");
    assertThat(models.get(0).facts().abilities()).contains(Ability.VISION);
    assertThat(models.get(1).state()).isEqualTo(ModelState.DISK);
    assertThat(models.get(1).facts().contextLength()).isEqualTo(8192);
    assertThat(models.get(1).facts().abilities()).doesNotContain(Ability.VISION);
    assertThat(models.get(2).facts().abilities()).containsExactly(Ability.EMBEDDING);
  }

  private ModelFacts list() throws Exception {
    return runtime.models().toCompletableFuture().get(60, TimeUnit.SECONDS).get(0).facts();
  }

  private void attach(String kind, Map<String, String> answers) throws Exception {
    server =
        new ScriptedServer(
            (request, wire) -> {
              var answer = answers.get(request.line().split(" ", -1)[1]);
              return answer == null ? wire.json(404, "{}") : wire.json(200, answer);
            });
    runtime = Servers.attach(kind + "=" + server.url(), Servers.SETTINGS);
  }
}
