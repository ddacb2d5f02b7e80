package org.brokecluster.coordinator.cli.ask;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.brokecluster.coordinator.cli.client.EdgeReply;
import org.brokecluster.coordinator.cli.text.Figures;
import org.brokecluster.coordinator.cli.text.Json;
import org.jspecify.annotations.Nullable;

/** What {@code chat} says about an answer on standard error: who gave it, how far to trust it. */
final class AnswerNotes {
  private AnswerNotes() {}

  /** Node, model, tier and quality as far as the headers tell; empty if they tell nothing. */
  static String origin(EdgeReply reply) {
    return origin(name -> reply.header("x-broke-" + name));
  }

  /** The same as far as the end of a stream tells. */
  static String origin(JsonNode extras) {
    return origin(name -> Json.find(extras, name.replace('-', '_')).map(JsonNode::asText));
  }

  private static String origin(Function<String, Optional<String>> told) {
    var parts = new ArrayList<String>();
    Stream.of("node", "model", "tier").forEach(name -> told.apply(name).ifPresent(parts::add));
    var color = told.apply("quality-color");
    if (color.isPresent()) {
      var temperature = told.apply("quality").map(value -> " " + value).orElse("");
      var basis = told.apply("quality-basis").map(b -> " (" + b + ")").orElse("");
      parts.add(sign(color.get()) + temperature + basis + " " + meaning(color.get()));
    }
    return String.join(" · ", parts);
  }

  /** Tokens, time and speed. */
  static String cost(@Nullable JsonNode usage, long millis) {
    if (usage == null) {
      return Figures.millis(millis);
    }
    long answer = Json.number(usage, "completion_tokens").orElse(0);
    var speed =
        millis > 0
            ? String.format(Locale.ROOT, ", %.1f tokens/s in all", answer * 1000.0 / millis)
            : "";
    return "%s prompt and %d answer tokens in %s%s"
        .formatted(Json.text(usage, "prompt_tokens"), answer, Figures.millis(millis), speed);
  }

  private static String sign(String color) {
    return switch (color) {
      case "green" -> "🟢";
      case "yellow" -> "🟡";
      case "orange" -> "🟠";
      case "red" -> "🔴";
      default -> color;
    };
  }

  private static String meaning(String color) {
    return switch (color) {
      case "green" -> "use it";
      case "yellow" -> "look it over";
      case "orange" -> "check what matters";
      case "red" -> "treat it as a draft";
      default -> "";
    };
  }
}
