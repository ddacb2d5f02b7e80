package org.brokecluster.coordinator.cli.measure;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;
import org.brokecluster.coordinator.cli.text.Json;

/**
 * What so many answers side by side have shown. Pure.
 *
 * @param streams answers side by side
 * @param answers those that were whole
 * @param wallSeconds from the first question to the last token of all
 */
record BenchLevel(int streams, List<TimedAnswer> answers, double wallSeconds) {
  /** Copies the list. */
  BenchLevel {
    answers = List.copyOf(answers);
  }

  /** Median of the times to the first token. */
  OptionalLong firstTokenMs() {
    var sorted =
        answers.stream()
            .map(TimedAnswer::firstTokenMs)
            .filter(OptionalLong::isPresent)
            .mapToLong(OptionalLong::getAsLong)
            .sorted()
            .toArray();
    return sorted.length == 0 ? OptionalLong.empty() : OptionalLong.of(sorted[sorted.length / 2]);
  }

  /** Mean of what each answer's prompt was read with; told of single answers only. */
  OptionalDouble prefill() {
    return streams == 1 ? mean(TimedAnswer::prefill) : OptionalDouble.empty();
  }

  /** Mean of what each stream got. */
  OptionalDouble decodeEach() {
    return mean(TimedAnswer::decode);
  }

  /** Tokens of all streams together a second. */
  OptionalDouble total() {
    long tokens = answers.stream().mapToLong(each -> each.tokens().orElse(0)).sum();
    return tokens > 0 && wallSeconds > 0
        ? OptionalDouble.of(tokens / wallSeconds)
        : OptionalDouble.empty();
  }

  private OptionalDouble mean(Function<TimedAnswer, OptionalDouble> figure) {
    return answers.stream()
        .map(figure)
        .filter(OptionalDouble::isPresent)
        .mapToDouble(OptionalDouble::getAsDouble)
        .average();
  }

  ObjectNode json() {
    var json = Json.object().put("streams", streams).put("answers", answers.size());
    answers.stream()
        .map(TimedAnswer::promptTokens)
        .filter(OptionalLong::isPresent)
        .findFirst()
        .ifPresent(tokens -> json.put("promptTokens", tokens.getAsLong()));
    firstTokenMs().ifPresent(ms -> json.put("firstTokenMs", ms));
    prefill().ifPresent(speed -> json.put("prefillTokensPerSecond", rounded(speed)));
    decodeEach().ifPresent(speed -> json.put("decodeTokensPerSecond", rounded(speed)));
    total().ifPresent(speed -> json.put("totalTokensPerSecond", rounded(speed)));
    return json;
  }

  private static double rounded(double value) {
    return Math.round(value * 10) / 10.0;
  }
}
