package org.brokecluster.node.runtime.simulated;

import java.util.List;

/** Plain English sentences about the work of a cluster, chosen by a seed. */
final class Prose {
  private static final List<String> SUBJECTS =
      List.of(
          "The router",
          "A larger model",
          "A smaller model",
          "Every node",
          "The nearest Mac",
          "A quiet machine",
          "The scheduler",
          "A busy studio",
          "The first token",
          "A cached prompt",
          "Unified memory",
          "A patient client");
  private static final List<String> VERBS =
      List.of(
          "answers",
          "weighs",
          "balances",
          "keeps",
          "measures",
          "shares",
          "follows",
          "explains",
          "prepares",
          "remembers",
          "improves",
          "protects");
  private static final List<String> OBJECTS =
      List.of(
          "the waiting work",
          "a fair share of bandwidth",
          "the length of the queue",
          "the next request",
          "the words it has read before",
          "an honest estimate",
          "the team's conversations",
          "the speed of each stream",
          "a careful decision",
          "the memory that is left",
          "a steady pace",
          "the cost of moving on");
  private static final List<String> ENDINGS =
      List.of(
          "without hurry",
          "before anything is lost",
          "while others rest",
          "as long as it is asked to",
          "on the same desk",
          "in plain sight",
          "with room to spare",
          "and says so",
          "one token at a time",
          "even when a lid closes");

  private Prose() {}

  /** The sentence that every simulated answer begins with. */
  static String confession(String model) {
    return "This is a simulated answer in the name of " + model + "; no model was run.";
  }

  /** One more sentence, without a space before it. */
  static String sentence(Randomness random) {
    var start = random.oneOf(SUBJECTS) + " " + random.oneOf(VERBS) + " " + random.oneOf(OBJECTS);
    return switch (random.between(0, 2)) {
      case 0 -> start + ".";
      case 1 -> start + " " + random.oneOf(ENDINGS) + ".";
      default -> start + ", and " + random.oneOf(VERBS) + " " + random.oneOf(OBJECTS) + ".";
    };
  }
}
