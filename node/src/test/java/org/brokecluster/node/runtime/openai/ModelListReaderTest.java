package org.brokecluster.node.runtime.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.brokecluster.node.runtime.Prompts;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Tier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelListReaderTest {
  private static final ServerFacts GENERIC = ServerFacts.of(Dialect.GENERIC);

  @Test
  void readsWhatLlamaServerTells() throws Exception {
    var served =
        read(
            Dialect.LLAMA,
            "{'models':[],'data':[{'id':'/models/tiny.gguf','owned_by':'llamacpp','meta':{"
                + "'n_ctx':8192,'n_ctx_train':32768,'n_params':19530048,'size':39060736,"
                + "'ftype':'F16'}}]}");

    var facts = served.get(0).model().facts();
    assertThat(facts.id().value()).isEqualTo("tiny.gguf");
    assertThat(served.get(0).wireName()).isEqualTo("/models/tiny.gguf");
    assertThat(served.get(0).dialect()).isEqualTo(Dialect.LLAMA);
    assertThat(facts.parameters()).isEqualTo(19530048);
    assertThat(facts.bytes()).isEqualTo(39060736);
    assertThat(facts.quantization()).isEqualTo("F16");
    assertThat(facts.contextLength()).isEqualTo(8192);
    assertThat(facts.tier()).isEqualTo(Tier.BASIC);
    assertThat(facts.slots()).isEqualTo(4);
    assertThat(served.get(0).model().state()).isEqualTo(ModelState.LOADED);
  }

  @Test
  void asksMlxForTheModelItWasStartedWith() throws Exception {
    var served =
        read(
            Dialect.MLX_LM,
            "{'object':'list','data':[{'id':'mlx-community/Qwen3-8B-4bit','object':'model','created':1},"
                + "{'id':'/Users/me/models/Qwen3-32B-4bit/','object':'model','created':1}]}");

    assertThat(served)
        .extracting(ServedModel::wireName)
        .containsExactly("mlx-community/Qwen3-8B-4bit", "default_model");
    assertThat(served)
        .extracting(model -> model.model().facts().id().value())
        .containsExactly("mlx-community/Qwen3-8B-4bit", "Qwen3-32B-4bit");
    assertThat(served.get(0).model().facts().quantization()).isEqualTo("4bit");
    assertThat(served.get(0).model().facts().abilities())
        .contains(Ability.TOOLS)
        .doesNotContain(
            Ability.JSON_SCHEMA, Ability.JSON_OBJECT, Ability.LOGPROBS, Ability.TOOL_CHOICE);
    assertThat(served)
        .extracting(model -> model.model().state())
        .containsExactly(ModelState.DISK, ModelState.LOADED);
  }

  @Test
  void knowsWhichModelOfMlxIsLoadedOnceItWasLoaded() throws Exception {
    var list = Prompts.json("{'data':[{'id':'a/x'},{'id':'b/y'},{'id':'/m/z'}]}");

    var served = reader("mlx=http://x").read(list, ServerFacts.of(Dialect.MLX_LM), "b/y");

    assertThat(served)
        .extracting(model -> model.model().state())
        .containsExactly(ModelState.DISK, ModelState.LOADED, ModelState.DISK);
  }

  @Test
  void asksMlxForTheOperatorsModelByTheNameThatNeverLoadsAnother() throws Exception {
    var list = Prompts.json("{'data':[{'id':'a/x'},{'id':'b/y'}]}");

    var served = reader("mlx=http://x,model=b/y").read(list, ServerFacts.of(Dialect.MLX_LM), null);

    assertThat(served).hasSize(1);
    assertThat(served.get(0).wireName()).isEqualTo("default_model");
    assertThat(served.get(0).model().facts().id().value()).isEqualTo("b/y");
    assertThat(served.get(0).model().state()).isEqualTo(ModelState.LOADED);
  }

  @Test
  void believesWhatTheServerTellsOfItselfAndOfAModel() throws Exception {
    var list = Prompts.json("{'data':[{'id':'a','meta':{'n_ctx':100}},{'id':'e'}]}");
    var server =
        new ServerFacts(
            Dialect.LLAMA,
            2,
            8192,
            true,
            true,
            Map.of("e", new ServerFacts.ModelNote(false, 77, null, true, "4bit")));

    var served = reader("openai=http://x").read(list, server, null);

    var first = served.get(0).model();
    assertThat(first.facts().slots()).isEqualTo(2);
    assertThat(first.facts().contextLength()).isEqualTo(8192);
    assertThat(first.facts().abilities()).contains(Ability.VISION, Ability.CHAT_TEMPLATE);
    assertThat(first.facts().runtime()).isEqualTo("llama");
    var second = served.get(1).model();
    assertThat(second.facts().abilities()).containsExactly(Ability.EMBEDDING);
    assertThat(second.facts().contextLength()).isEqualTo(77);
    assertThat(second.state()).isEqualTo(ModelState.DISK);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"unloaded,DISK", "loading,LOADING", "loaded,LOADED", "failed,FAILED"})
  void readsTheStatesOfARouterOfLlamaServer(String word, ModelState state) throws Exception {
    var served = read(Dialect.LLAMA, "{'data':[{'id':'a','status':{'value':'" + word + "'}}]}");

    assertThat(served.get(0).model().state()).isEqualTo(state);
  }

  @Test
  void givesOneSlotToAServerThatWorksOnOneAnswerAtATime() throws Exception {
    assertThat(read(Dialect.MLX_KNIFE, "{'data':[{'id':'a'}]}").get(0).model().facts().slots())
        .isEqualTo(1);
  }

  @Test
  void takesAnEmptyAnswerForAnEmptyList() throws Exception {
    assertThat(read(Dialect.MLX_LM, "")).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"max_model_len", "context_length", "max_context_length"})
  void findsTheContextUnderItsNames(String key) throws Exception {
    var served = read(Dialect.GENERIC, "{'data':[{'id':'a','" + key + "':4096}]}");

    assertThat(served.get(0).model().facts().contextLength()).isEqualTo(4096);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "qwen3:0.6b,BASIC",
    "Qwen3-4B,BASIC",
    "llama3.1:8b,BALANCED",
    "gpt-oss-20b,PREMIUM",
    "Mixtral-8x7B,PREMIUM",
    "some-model,BALANCED"
  })
  void guessesTheTierFromTheName(String id, Tier tier) throws Exception {
    assertThat(
            read(Dialect.GENERIC, "{'data':[{'id':'" + id + "'}]}").get(0).model().facts().tier())
        .isEqualTo(tier);
  }

  @Test
  void obeysTheOperator() throws Exception {
    var reader = reader("openai=http://x,slots=9,tier=premium,model=b");

    var served = reader.read(Prompts.json("{'data':[{'id':'a'},{'id':'b'}]}"), GENERIC, null);

    assertThat(served).hasSize(1);
    assertThat(served.get(0).wireName()).isEqualTo("b");
    assertThat(served.get(0).model().facts().slots()).isEqualTo(9);
    assertThat(served.get(0).model().facts().tier()).isEqualTo(Tier.PREMIUM);
  }

  @Test
  void servesTheOperatorsModelEvenIfItIsNotListed() throws Exception {
    var served =
        reader("openai=http://x,model=hidden-7b").read(Prompts.json("{'data':[]}"), GENERIC, null);

    assertThat(served).extracting(ServedModel::wireName).containsExactly("hidden-7b");
  }

  @Test
  void neverSendsChatsToAModelThatEmbeds() throws Exception {
    var served =
        read(
            Dialect.GENERIC,
            "{'data':[{'id':'nomic-embed-text'},{'id':'qwen2.5-vl-7b'},{'id':'x'}]}");

    assertThat(served.get(0).model().facts().abilities()).containsExactly(Ability.EMBEDDING);
    assertThat(served.get(1).model().facts().abilities()).contains(Ability.VISION, Ability.CHAT);
    assertThat(served.get(2).model().facts().abilities())
        .doesNotContain(Ability.VISION, Ability.EMBEDDING);
  }

  @Test
  void keepsModelsApartWhoseFilesShareAName() throws Exception {
    var served =
        read(
            Dialect.GENERIC, "{'data':[{'id':'/a/m.gguf'},{'id':'/b/m.gguf'},{'id':'/a/m.gguf'}]}");

    assertThat(served)
        .extracting(model -> model.model().facts().id().value())
        .containsExactly("m.gguf", "/b/m.gguf");
  }

  @Test
  void makesAnIdOfAnyName() throws Exception {
    assertThat(read(Dialect.GENERIC, "{'data':[{'id':'My Model ü 3'},{'id':''},{}]}"))
        .extracting(model -> model.model().facts().id().value())
        .containsExactly("My-Model-3");
  }

  @Test
  void refusesWhatIsNoList() {
    assertThatThrownBy(() -> read(Dialect.GENERIC, "{'models':[]}"))
        .isInstanceOf(IOException.class);
  }

  private static List<ServedModel> read(Dialect dialect, String json) throws IOException {
    return reader("openai=http://x").read(Prompts.json(json), ServerFacts.of(dialect), null);
  }

  private static ModelListReader reader(String spec) {
    return new ModelListReader(RuntimeSpec.parse(spec), Servers.SETTINGS, Servers.CHIP);
  }
}
