package org.brokecluster.simulation.schedule;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.brokecluster.coordinator.routing.RouterSettings;
import org.brokecluster.coordinator.routing.scorer.Strategies;

/**
 * The scheduling benchmark as a whole: every load on every fleet at every level, by this program's
 * router, its rivals and a clairvoyant reference. Equal arguments give equal figures.
 */
public final class Study {
  /** Part of the capacity at which a load comes. */
  static final List<Double> LEVELS = List.of(0.5, 0.8, 0.95);

  /**
   * Conversations for each stream that a fleet can run: a queue takes many of them to show itself,
   * since each has no more than one request at a time and pauses between them.
   */
  private static final int CONVERSATIONS_PER_STREAM = 8;

  private final Bench bench;
  private final int requests;
  private final long from;
  private final int seeds;

  /**
   * A benchmark of a router with these settings, whose queue must hold whatever comes.
   *
   * @param requests requests in each run, at least 50
   * @param from first seed
   * @param seeds runs for each figure, at least 1
   */
  public Study(RouterSettings settings, Strategies strategies, int requests, long from, int seeds) {
    this.bench = new Bench(settings, strategies);
    this.requests = requests;
    this.from = from;
    this.seeds = seeds;
  }

  /** A kind of traffic, as {@link #recorded} and {@link #agents} make it. */
  public interface Traffic {
    /** Name in the tables. */
    String name();
  }

  /**
   * A recorded load.
   *
   * @param file name of its file
   * @param table what the file holds; closed when it is read
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if it is not a trace
   */
  public static Traffic recorded(String file, InputStream table) throws IOException {
    return TraceFile.read(file, table, Guess.USUAL);
  }

  /** Agents that call again and again with all that was said before. */
  public static Traffic agents() {
    return new AgentLoad(AgentShape.USUAL, Guess.USUAL);
  }

  /**
   * Plays one kind of traffic on all fleets.
   *
   * @param progress hears what is being done
   * @param cells hears each result as soon as it is there
   */
  public void play(Traffic traffic, Consumer<String> progress, Consumer<Cell> cells) {
    if (!(traffic instanceof Load load)) {
      throw new IllegalArgumentException("not made here: " + traffic.name());
    }
    for (var fleet : Fleet.ALL) {
      var what = load.name() + " on " + fleet.name();
      progress.accept(what + ": capacity");
      double capacity = capacity(load, fleet, PolicyKind.CLAIRVOYANT);
      for (double level : LEVELS) {
        var text = String.format(Locale.ROOT, "%s at %.2f of capacity", what, level);
        cells.accept(cell(load, fleet, level, capacity, seed -> progress.accept(text + seed)));
      }
    }
  }

  /** How many arrivals a second a policy can serve. */
  double capacity(Load load, Fleet fleet, PolicyKind policy) {
    return new Capacity(bench).of(load, fleet, policy, requests(load, fleet));
  }

  /** Plays all policies with the same seeds. */
  Cell cell(Load load, Fleet fleet, double level, double capacity, Consumer<String> progress) {
    var tallies = new EnumMap<PolicyKind, List<Tally>>(PolicyKind.class);
    for (long seed = from; seed < from + seeds; seed++) {
      progress.accept(", seed " + seed);
      runs(load, fleet, level * capacity, seed, List.of(PolicyKind.values()))
          .forEach((who, run) -> tallies.computeIfAbsent(who, each -> new ArrayList<>()).add(run));
    }
    var results = new EnumMap<PolicyKind, Cell.Figures>(PolicyKind.class);
    tallies.forEach((policy, all) -> results.put(policy, Cell.Figures.of(all)));
    return new Cell(load.name(), fleet.name(), level, level * capacity, Map.copyOf(results));
  }

  /** Plays one run by each of these policies, all with the same requests. */
  Map<PolicyKind, Tally> runs(
      Load load, Fleet fleet, double rate, long seed, List<PolicyKind> policies) {
    var runs = new EnumMap<PolicyKind, Tally>(PolicyKind.class);
    for (var policy : policies) {
      runs.put(policy, bench.play(load, fleet, policy, rate, requests(load, fleet), seed));
    }
    return runs;
  }

  private int requests(Load load, Fleet fleet) {
    double all = CONVERSATIONS_PER_STREAM * fleet.slots() * load.requestsPerArrival();
    return load instanceof AgentLoad ? Math.max(requests, (int) all) : requests;
  }
}
