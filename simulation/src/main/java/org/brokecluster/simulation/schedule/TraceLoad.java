package org.brokecluster.simulation.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A recorded load. A run replays a stretch of it that the seed chooses, its pauses made longer or
 * shorter all alike so that the rate is the wanted one; bursts stay bursts. Who asks, and for which
 * model, is drawn, because traces do not tell.
 *
 * @param rows the requests by time
 * @param users how many people they come from, at least 1, each as likely as the others
 */
record TraceLoad(String name, List<Row> rows, Guess guess, int users) implements Load {
  /** As many as a small team has. */
  static final int TEAM = 8;

  private static final String ALONE = ", one user";

  /**
   * One recorded request.
   *
   * @param atSeconds when it came
   * @param promptTokens length of its prompt
   * @param answerTokens length of its answer
   */
  record Row(double atSeconds, int promptTokens, int answerTokens) {}

  /** Copies the list. */
  TraceLoad {
    rows = List.copyOf(rows);
  }

  /** The same requests at the same times, all by one person. */
  TraceLoad byOneUser() {
    return new TraceLoad(name + ALONE, rows, guess, 1);
  }

  /** The load that this one is {@link #byOneUser} of, or else itself. */
  TraceLoad byTeam() {
    return name.endsWith(ALONE)
        ? new TraceLoad(name.substring(0, name.length() - ALONE.length()), rows, guess, TEAM)
        : this;
  }

  @Override
  public double requestsPerArrival() {
    return 1;
  }

  @Override
  public Run draw(long seed, double rate, int requests, Mix mix) {
    var random = new Random(seed);
    int count = Math.min(requests, rows.size());
    int first = random.nextInt(rows.size() - count + 1);
    double begin = rows.get(first).atSeconds();
    double length = Math.max(1e-9, rows.get(first + count - 1).atSeconds() - begin);
    double stretch = (count - 1) / rate / length;
    var jobs = new ArrayList<Job>(count);
    for (int i = 0; i < count; i++) {
      var row = rows.get(first + i);
      long at = Math.round((row.atSeconds() - begin) * stretch * 1000);
      jobs.add(job(i, at, row, mix, random));
    }
    return new Replay(jobs);
  }

  private Job job(int number, long atMs, Row row, Mix mix, Random random) {
    return new Job(
        number,
        atMs,
        mix.draw(random),
        "user-" + random.nextInt(users),
        false,
        row.promptTokens(),
        row.answerTokens(),
        guess.prompt(row.promptTokens(), random),
        guess.answer(row.answerTokens(), random),
        List.of(),
        List.of(),
        0,
        -1);
  }

  private record Replay(List<Job> arrivals) implements Run {
    @Override
    public @Nullable Job next(Job answered, long nowMs) {
      return null;
    }
  }
}
