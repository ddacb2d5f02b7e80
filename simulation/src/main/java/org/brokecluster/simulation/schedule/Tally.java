package org.brokecluster.simulation.schedule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What one run came to. Not thread safe. */
final class Tally {
  /** The beginning of a run, in which caches and queues fill, does not count. */
  private static final double WARM_UP = 0.1;

  private final int slots;
  private final List<Answer> answers = new ArrayList<>();
  private final List<Integer> waiting = new ArrayList<>();
  private int lastWaiting;
  private int lost;
  private long prompt;
  private long cached;

  private record Answer(int number, double finishMs, double firstTokenMs) {}

  Tally(int slots) {
    this.slots = slots;
  }

  /**
   * A request comes while so many wait.
   *
   * @param ofItself whether it is not brought about by an answer
   */
  void came(Job job, int others, boolean ofItself) {
    lastWaiting = others;
    if (ofItself) {
      waiting.add(others);
    }
    prompt += job.promptTokens();
  }

  void answered(Task task, double nowMs) {
    double since = task.job().atMs();
    double first = task.firstTokenMs() < 0 ? nowMs : task.firstTokenMs();
    answers.add(new Answer(task.job().number(), nowMs - since, first - since));
    cached += task.cachedTokens();
  }

  /** A request was lost with its Mac. */
  void lost() {
    lost++;
  }

  /** Requests that have their answer. */
  int answered() {
    return answers.size();
  }

  /** Requests that were lost with a Mac, and asked again. */
  int losses() {
    return lost;
  }

  /** Requests that waited when the latest came. */
  int lastWaiting() {
    return lastWaiting;
  }

  /**
   * Whether the queue stayed bounded: while the last third of what comes of itself came, fewer
   * waited than can be served at once. Of conversations only the first calls come of themselves:
   * once no further ones begin, the load ends, and however many began at once nobody waits any more
   * at the end of the last one.
   */
  boolean bounded() {
    int from = waiting.size() * 2 / 3;
    return waiting.subList(from, waiting.size()).stream()
            .mapToInt(Integer::intValue)
            .average()
            .orElse(0)
        <= slots;
  }

  /** Mean time from a client's call to the end of its answer, in seconds. */
  double meanFinish() {
    return Arrays.stream(finishes()).average().orElse(0) / 1000;
  }

  /** The time to finish that one request in a hundred exceeds, in seconds. */
  double p99Finish() {
    var all = finishes();
    Arrays.sort(all);
    return all.length == 0 ? 0 : all[(int) Math.min(all.length - 1, all.length * 0.99)] / 1000;
  }

  /** Mean time from a client's call to the first token, in seconds. */
  double meanFirst() {
    return answers.stream()
            .filter(this::counts)
            .mapToDouble(Answer::firstTokenMs)
            .average()
            .orElse(0)
        / 1000;
  }

  /** Share of all prompt tokens that came from caches. */
  double cachedShare() {
    return prompt == 0 ? 0 : (double) cached / prompt;
  }

  private double[] finishes() {
    return answers.stream().filter(this::counts).mapToDouble(Answer::finishMs).toArray();
  }

  private boolean counts(Answer answer) {
    return answer.number() >= WARM_UP * answers.size();
  }
}
