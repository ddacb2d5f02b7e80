package org.brokecluster.training;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.brokecluster.coordinator.routing.model.PromptFeatures;
import org.brokecluster.coordinator.routing.model.TaskKind;

/**
 * A row, ready to be learned from.
 *
 * @param small how good answers of models of about 7 billion weights were, 0 to 1, or NaN
 * @param large the same for models of about 50 billion weights and more
 * @param domain subject, empty if not known
 */
record Sample(
    RoutingRow row,
    PromptFeatures features,
    TaskKind kind,
    double small,
    double large,
    String domain) {
  private static final double JUDGE_MAX = 10;

  private static final Set<String> LARGE =
      Set.of(
          "meta-llama-3.1-70b-instruct",
          "gemini-1.5-pro-002",
          "gpt-4-1106-preview",
          "llama-3.1-nemotron-51b-instruct",
          "llama-3.3-nemotron-super-49b-v1",
          "llama-3.1-70b-instruct",
          "gpt-4-turbo-2024-04-09",
          "gpt-4o-2024-05-13",
          "claude-3-5-sonnet-20240620");
  private static final Set<String> SMALL =
      Set.of(
          "phi-3-mini-4k-instruct",
          "mistral-7b-instruct-v0.2",
          "meta-llama-3.1-8b-instruct",
          "qwen1.5-7b-chat",
          "mixtral-8x7b-instruct-v0.1",
          "phi-3.5-mini-instruct",
          "llama-3-8b-instruct",
          "llama-3.1-8b-instruct",
          "qwen2-7b-instruct",
          "gemma-2-9b-it",
          "codegemma-7b",
          "qwen2.5-3b-instruct",
          "mistral-7b-chat",
          "mixtral-8x7b-chat",
          "mistral-7b-instruct-v0.3",
          "qwen2.5-7b-instruct");

  private static final Map<String, TaskKind> BY_TASK =
      Map.ofEntries(
          Map.entry("mmlu", TaskKind.PASSAGE),
          Map.entry("gpqa", TaskKind.EXPERT),
          Map.entry("gsm8k", TaskKind.WORD_PROBLEM),
          Map.entry("agentverse-mgsm", TaskKind.WORD_PROBLEM),
          Map.entry("math", TaskKind.MATHS),
          Map.entry("mbpp", TaskKind.CODE),
          Map.entry("human_eval", TaskKind.COMPLETION),
          Map.entry("arc_challenge", TaskKind.SCIENCE),
          Map.entry("openbook_qa", TaskKind.SCIENCE),
          Map.entry("commonsense_qa", TaskKind.COMMON_SENSE),
          Map.entry("trivia_qa", TaskKind.TRIVIA),
          Map.entry("natural_qa", TaskKind.LOOKUP),
          Map.entry("commongen", TaskKind.SENTENCES),
          Map.entry("agentverse-logicgrid", TaskKind.PUZZLE));
  private static final Map<String, TaskKind> BY_DATASET =
      Map.of(
          "routellm_mmlu", TaskKind.QUIZ,
          "mmlu_pro", TaskKind.EXAM,
          "math_l5", TaskKind.COMPETITION,
          "routerbench_mbpp", TaskKind.CODE,
          "routerbench_arc", TaskKind.SCIENCE_QUIZ,
          "routerbench_winogrande", TaskKind.GAP,
          "gsm8k_train_steps", TaskKind.WORD_PROBLEM,
          "routellm_gsm8k", TaskKind.WORD_PROBLEM,
          "gsm_zeroeval", TaskKind.WORD_PROBLEM);

  /** Prepares a row. */
  static Sample of(RoutingRow row) {
    boolean paired = !Double.isNaN(row.weak());
    double most = row.dataset().equals("routellm_mtbench") ? JUDGE_MAX : 1;
    return new Sample(
        row,
        PromptFeatures.of(row.prompt()),
        kind(row),
        paired ? row.weak() / most : mean(row, SMALL),
        paired ? row.strong() / most : mean(row, LARGE),
        row.dataset().equals("mmlu_pro") && !row.group().equals("other") ? row.group() : "");
  }

  /** Prepares all rows. */
  static List<Sample> of(List<RoutingRow> rows) {
    return rows.stream().map(Sample::of).toList();
  }

  /** Whether small and large models were measured. */
  boolean measured() {
    return !Double.isNaN(small) && !Double.isNaN(large);
  }

  private static TaskKind kind(RoutingRow row) {
    return row.dataset().equals("llmrouter_mix")
        ? BY_TASK.getOrDefault(row.group(), TaskKind.OPEN)
        : BY_DATASET.getOrDefault(row.dataset(), TaskKind.OPEN);
  }

  private static double mean(RoutingRow row, Set<String> models) {
    return row.scores().entrySet().stream()
        .filter(each -> models.contains(each.getKey()))
        .mapToDouble(Map.Entry::getValue)
        .average()
        .orElse(Double.NaN);
  }
}
