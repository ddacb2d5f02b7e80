package org.brokecluster.coordinator.cli.ask;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.ZoneId;
import java.util.stream.Collectors;
import org.brokecluster.coordinator.cli.text.Figures;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.coordinator.routing.scorer.QualityColor;

/** A decision with its candidates, live or as a dry run, for people. Pure. */
final class DecisionText {
  private DecisionText() {}

  static String of(JsonNode decision) {
    return choice(decision)
        + expected(decision)
        + asked(decision)
        + flip(decision)
        + System.lineSeparator()
        + CandidateTable.render(decision);
  }

  private static String choice(JsonNode decision) {
    var chosen = Json.find(decision, "chosen");
    if (chosen.isEmpty()) {
      return Json.text(decision, "outcome")
          + ": "
          + Json.text(decision, "message")
          + "%n".formatted();
    }
    var waits = Json.text(decision, "outcome").equals("waiting");
    return "%s%s on %s (%s), risk %s; expected first token after %s, whole after %s%n"
        .formatted(
            waits ? "waiting for " : "",
            Json.text(chosen.get(), "model"),
            Json.text(chosen.get(), "node"),
            Json.text(chosen.get(), "tier"),
            risk(chosen.get(), "qualityTemperature"),
            Json.millis(chosen.get(), "firstTokenMs"),
            Json.millis(chosen.get(), "finishMs"));
  }

  /** A risk with the word for how far to trust the answer. */
  static String risk(JsonNode of, String name) {
    var risk = Json.decimal(of, name);
    return risk.isEmpty()
        ? "-"
        : Json.score(of, name) + " " + QualityColor.of(risk.getAsDouble()).label();
  }

  /** The intervals of a promise, in a line; empty where there is none. */
  static String promise(JsonNode promise) {
    return promise.isMissingNode()
        ? ""
        : "expected: first token between %s and %s, whole between %s and %s%n"
            .formatted(
                Json.millis(promise, "firstTokenLowMs"),
                Json.millis(promise, "firstTokenHighMs"),
                Json.millis(promise, "finishLowMs"),
                Json.millis(promise, "finishHighMs"));
  }

  /** What was learned for it: how far the times may be off, and what was not left to the score. */
  private static String expected(JsonNode decision) {
    var lines = new StringBuilder();
    Json.find(decision, "chosen.promise").ifPresent(promise -> lines.append(promise(promise)));
    if (differs(decision)) {
      lines.append(
          "(put right by how long such answers took here; the table has the bare predictions)%n"
              .formatted());
    }
    Json.find(decision, "chosen.byPlan")
        .ifPresent(plan -> lines.append(byPlan(plan)).append(System.lineSeparator()));
    Json.find(decision, "because").ifPresent(why -> lines.append("%s%n".formatted(why.asText())));
    Json.find(decision, "chosen.parameters")
        .ifPresent(filled -> lines.append("filled in: %s%n".formatted(parameters(filled))));
    return lines.toString();
  }

  /** Whether the winner's row has another time than the client was told. */
  private static boolean differs(JsonNode decision) {
    var told = Json.number(decision, "chosen.finishMs");
    var best = Json.list(decision, "candidates").stream().findFirst();
    return told.isPresent()
        && best.isPresent()
        && !Json.number(best.get(), "finishMs").equals(told);
  }

  /** Why the model was in memory there, where that was the plan's doing. */
  static String byPlan(JsonNode plan) {
    return "loaded by the plan at %s, because %s"
        .formatted(
            Figures.time(Json.text(plan, "at"), ZoneId.systemDefault()), Json.text(plan, "why"));
  }

  private static String parameters(JsonNode filled) {
    return filled.properties().stream()
        .map(each -> each.getKey() + "=" + each.getValue().asText())
        .collect(Collectors.joining(", "));
  }

  private static String asked(JsonNode decision) {
    var asked = Json.find(decision, "asked");
    if (asked.isEmpty()) {
      return "";
    }
    var model = Json.text(asked.get(), "model");
    return "asked for %s by strategy %s; complexity %s%s (%s: %s)%n"
            .formatted(
                model,
                Json.text(asked.get(), "strategy"),
                Json.score(asked.get(), "complexity"),
                target(asked.get()),
                Json.text(decision, "profile.basis"),
                Json.text(decision, "profile.evidence"))
        + Json.find(decision, "chosen.otherTier")
            .map(why -> "another tier than the target: %s%n".formatted(why.asText()))
            .orElse("");
  }

  /** The target and where it came from; nothing of it where a model was named. */
  private static String target(JsonNode asked) {
    var why = Json.find(asked, "targetWhy").map(JsonNode::asText);
    var tier = Json.text(asked, "targetTier");
    boolean byComplexity = why.isEmpty() || why.get().equals("by the complexity");
    if (byComplexity) {
      return Json.text(asked, "model").equals("auto") ? ", so the target is " + tier : "";
    }
    return "; the target is %s, because %s".formatted(tier, why.get());
  }

  private static String flip(JsonNode decision) {
    return Json.find(decision, "whatWouldFlip")
        .map(change -> "the runner-up would have won %s%n".formatted(change.asText()))
        .orElse("");
  }
}
