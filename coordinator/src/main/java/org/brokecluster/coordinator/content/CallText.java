package org.brokecluster.coordinator.content;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.brokecluster.coordinator.collect.PackedText;
import org.brokecluster.coordinator.collect.TextSource;
import org.brokecluster.protocol.history.ContentProtocol;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.router.Placement;
import org.brokecluster.protocol.router.Profile;
import org.brokecluster.protocol.router.Wishes;
import org.jspecify.annotations.Nullable;

/** Makes of a call and its answer the text that is kept. Pure. */
final class CallText {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Of a text that is not small enough the half is kept, and so on. */
  private static final int HALVINGS_MAX = 12;

  private final ObjectNode json = JsonNodeFactory.instance.objectNode();
  private boolean cut;

  private CallText() {}

  /**
   * The text to be sent.
   *
   * @param textMax characters of the prompt that are kept
   * @throws IOException if the call's body is not what it was read as
   */
  static ContentProtocol.Text of(Recorded recorded, int textMax) throws IOException {
    var body = MAPPER.readTree(recorded.call().body());
    int max = textMax;
    var packed = new byte[0];
    for (int i = 0; i < HALVINGS_MAX; i++) {
      packed = PackedText.pack(new CallText().written(recorded, body, max));
      if (packed.length <= ContentProtocol.PACKED_MAX) {
        break;
      }
      max /= 2;
    }
    var wishes = recorded.call().wishes();
    return new ContentProtocol.Text(
        recorded.call().request().value(),
        recorded.at(),
        TextSource.of(wishes).label(),
        wishes.user(),
        packed);
  }

  private ObjectNode written(Recorded recorded, JsonNode body, int max) {
    var call = recorded.call();
    json.put("api", call.api() == Api.CHAT ? "chat" : "completion");
    json.put("asked", call.model());
    if (body.path("messages") instanceof ArrayNode messages) {
      json.set("messages", messages(messages, max));
    } else {
      json.put("prompt", head(spoken(body.path("prompt")), max));
    }
    answer(recorded.answer(), max);
    placement(recorded.placement());
    wishes(call.wishes());
    json.set("dimensions", dimensions(recorded.facts().profile()));
    json.put("finish", recorded.finish().label());
    json.put("prompt_tokens", recorded.usage().promptTokens());
    json.put("completion_tokens", recorded.usage().completionTokens());
    if (recorded.firstMs() != null) {
      json.put("first_ms", recorded.firstMs());
    }
    json.put("total_ms", recorded.totalMs());
    if (cut) {
      json.put("cut", true);
    }
    return json;
  }

  /** The latest messages, as many as there is room for. */
  private ArrayNode messages(ArrayNode all, int max) {
    var kept = JsonNodeFactory.instance.arrayNode();
    int room = max;
    for (int i = all.size() - 1; i >= 0; i--) {
      if (room == 0) {
        cut = true;
        break;
      }
      var message = all.get(i);
      var content = head(spoken(message.path("content")), room);
      room -= content.length();
      var line = JsonNodeFactory.instance.objectNode();
      line.put("role", message.path("role").asText()).put("content", content);
      kept.insert(0, line);
    }
    return kept;
  }

  private void answer(AnswerText answer, int max) {
    json.put("answer", head(answer.content(), max));
    if (!answer.reasoning().isEmpty()) {
      json.put("reasoning", head(answer.reasoning(), max));
    }
    var calls = answer.toolCalls();
    if (!calls.isEmpty() && !answer.isCut()) {
      json.set("tool_calls", calls);
    }
    cut |= answer.isCut();
  }

  private void placement(@Nullable Placement placement) {
    if (placement != null) {
      json.put("model", placement.model().value());
      json.put("node", placement.node().value());
      json.put("tier", placement.tier().label());
      json.put("strategy", placement.strategy());
      json.put("quality", placement.qualityTemperature());
      json.put("quality_basis", placement.qualityBasis());
    }
  }

  private void wishes(Wishes wishes) {
    put("role", wishes.role());
    put("action", wishes.action());
    put("framework", wishes.framework());
  }

  private void put(String name, @Nullable String value) {
    if (value != null) {
      json.put(name, value);
    }
  }

  private static ObjectNode dimensions(Profile profile) {
    var dimensions = JsonNodeFactory.instance.objectNode();
    dimensions.put("prompt_complexity", profile.promptComplexity());
    dimensions.put("answer_complexity", profile.answerComplexity());
    if (profile.taskComplexity() != null) {
      dimensions.put("task_complexity", profile.taskComplexity());
    }
    dimensions.put("language_bias", profile.languageBias());
    dimensions.put("reasoning_chains", profile.reasoningChains());
    dimensions.put("creative_design", profile.creativeDesign());
    var domains = dimensions.putObject("domains");
    profile.domains().forEach(domains::put);
    return dimensions;
  }

  /** The words of a message; a picture is only mentioned. */
  private static String spoken(JsonNode content) {
    if (!content.isArray()) {
      return content.asText("");
    }
    var text = new StringBuilder();
    for (var part : content) {
      if (!text.isEmpty()) {
        text.append('\n');
      }
      text.append(
          part.isTextual() ? part.textValue() : part.path("text").asText("[" + kind(part) + "]"));
    }
    return text.toString();
  }

  private static String kind(JsonNode part) {
    return part.path("type").asText("part").startsWith("image") ? "image" : "part";
  }

  /** Ends with a whole character, because readers of the text may refuse half of one. */
  private String head(String text, int max) {
    int end = Math.min(max, text.length());
    cut |= end < text.length();
    boolean half = end > 0 && Character.isHighSurrogate(text.charAt(end - 1));
    return text.substring(0, half ? end - 1 : end);
  }
}
