package org.brokecluster.tests.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.models.Model;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.brokecluster.tests.harness.TestCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** OpenAI's own Java client works unchanged. */
class OpenAiJavaTest {
  private static TestCluster cluster;
  private static OpenAIClient client;

  @BeforeAll
  static void start(@TempDir Path dir) {
    cluster = TestCluster.start(dir, 100).node("mini-m1").awaitNodes(1);
    client =
        OpenAIOkHttpClient.builder()
            .baseUrl(cluster.edge().base() + "/v1")
            .apiKey("not-needed")
            .maxRetries(0)
            .build();
  }

  @AfterAll
  static void stop() {
    client.close();
    cluster.close();
  }

  @Test
  void answersInOnePiece() {
    var answer = client.chat().completions().create(params("Say hello").build());

    assertThat(answer.choices()).hasSize(1);
    assertThat(answer.choices().get(0).message().content().orElseThrow()).isNotBlank();
    assertThat(answer.usage().orElseThrow().completionTokens()).isBetween(1L, 30L);
    assertThat(answer.model()).startsWith("sim/");
  }

  @Test
  void streamsWithUsage() {
    var params =
        params("Say hello")
            .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
            .build();
    var accumulator = ChatCompletionAccumulator.create();

    try (var stream = client.chat().completions().createStreaming(params)) {
      stream.stream().forEach(accumulator::accumulate);
    }

    var answer = accumulator.chatCompletion();
    assertThat(answer.choices().get(0).message().content().orElseThrow()).isNotBlank();
    assertThat(answer.usage().orElseThrow().totalTokens()).isPositive();
  }

  @Test
  void callsAToolInBothModes() {
    var params =
        params("What is the weather in Paris?")
            .maxCompletionTokens(200)
            .addTool(weatherTool())
            .toolChoice(ChatCompletionToolChoiceOption.Auto.REQUIRED)
            .build();

    var whole = client.chat().completions().create(params);
    var accumulator = ChatCompletionAccumulator.create();
    try (var stream = client.chat().completions().createStreaming(params)) {
      stream.stream().forEach(accumulator::accumulate);
    }

    for (var answer : List.of(whole, accumulator.chatCompletion())) {
      var call = answer.choices().get(0).message().toolCalls().orElseThrow().get(0);
      assertThat(call.asFunction().function().name()).isEqualTo("get_weather");
      assertThat(call.asFunction().function().arguments()).contains("city");
      assertThat(answer.choices().get(0).finishReason().asString()).isEqualTo("tool_calls");
    }
  }

  @Test
  void completesText() {
    var answer =
        client
            .completions()
            .create(
                CompletionCreateParams.builder()
                    .model("basic")
                    .prompt("Once upon a time")
                    .maxTokens(12)
                    .build());

    assertThat(answer.choices().get(0).text()).isNotBlank();
  }

  @Test
  void listsAndFindsModels() {
    var names = client.models().list().autoPager().stream().map(Model::id).toList();

    assertThat(names).contains("auto", "basic").anyMatch(name -> name.startsWith("sim/"));
    for (var name : names) {
      assertThat(client.models().retrieve(name).id()).isEqualTo(name);
    }
  }

  @Test
  void mapsErrorsToTypedExceptions() {
    assertThatThrownBy(
            () -> client.chat().completions().create(params("Hi").model("no-such-model").build()))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("no-such-model");
    assertThatThrownBy(
            () -> client.chat().completions().create(params("Hi").temperature(9).build()))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("temperature");
  }

  private static ChatCompletionCreateParams.Builder params(String prompt) {
    return ChatCompletionCreateParams.builder()
        .model("auto")
        .maxCompletionTokens(30)
        .addUserMessage(prompt);
  }

  private static ChatCompletionFunctionTool weatherTool() {
    return ChatCompletionFunctionTool.builder()
        .function(
            FunctionDefinition.builder()
                .name("get_weather")
                .parameters(
                    FunctionParameters.builder()
                        .putAdditionalProperty("type", JsonValue.from("object"))
                        .putAdditionalProperty(
                            "properties", JsonValue.from(Map.of("city", Map.of("type", "string"))))
                        .putAdditionalProperty("required", JsonValue.from(List.of("city")))
                        .build())
                .build())
        .build();
  }
}
