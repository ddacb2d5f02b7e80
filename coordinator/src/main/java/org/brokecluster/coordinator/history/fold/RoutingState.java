package org.brokecluster.coordinator.history.fold;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.brokecluster.coordinator.breaker.Breakers;
import org.brokecluster.coordinator.history.event.LearningTerms;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.history.learning.Learning;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * The fold of all events of a term up to one event number: every number has exactly one state, on
 * every machine. It holds whole numbers and texts only; times come from the events.
 *
 * <p>{@link #apply} changes this object, because a copy for each event would cost more than
 * everything else together; whoever wants to keep a state keeps its {@link #json()}. Not thread
 * safe: one owner. All bounds are constants, not settings: another bound would be another fold.
 */
public final class RoutingState {
  /**
   * Latest version of this function. It goes up with every change that gives any sequence of events
   * another state; checkpoints of a version that this program does not have are not compared.
   * Version 2 has breakers, version 3 what was learned, version 4 weighs what is learned of times.
   * A term whose first event says nothing of them has the state of an earlier version, so all are
   * still told by the same code: see {@link #fold()}.
   */
  public static final int FOLD = 4;

  private static final int WITHOUT_BREAKERS = 1;
  private static final int WITHOUT_LEARNING = 2;
  private static final int FIRST_PROMISES = 3;

  /** Open requests kept; beyond that the oldest is given up and counted. */
  public static final int OPEN_MAX = 10_000;

  /** Names kept in each table; beyond that everything new is counted under {@link #OTHER}. */
  public static final int NAMES_MAX = 1_000;

  /** Moves of the plan kept; beyond that the oldest is forgotten. */
  public static final int MOVES_MAX = 20;

  /** Collects what finds no room; no model or node can have this name. */
  public static final String OTHER = "other models or nodes";

  long number;
  long atMs;
  long term;
  String coordinator = "";
  String strategy = "";
  String version = "";
  final Counters<Total> totals = new Counters<>(Total.class);
  final TreeMap<String, Long> refusals = new TreeMap<>();
  final TreeMap<String, Counters<Tally>> models = new TreeMap<>();
  final TreeMap<String, Counters<Tally>> nodes = new TreeMap<>();
  final TreeMap<String, TreeMap<String, Counters<Learned>>> learned = new TreeMap<>();
  final TreeMap<String, Counters<Ratings>> ratings = new TreeMap<>();
  final TreeMap<String, MemberState> members = new TreeMap<>();
  final LinkedHashMap<String, OpenRequest> open = new LinkedHashMap<>();
  final ArrayDeque<RoutingEvent.Arranged> moves = new ArrayDeque<>();
  @Nullable Breakers breakers;
  @Nullable LearningTerms terms;
  @Nullable Learning learning;
  private final EventFold fold = new EventFold(this);

  /**
   * Takes the next event into this state.
   *
   * @param number the event's number in its term; decides nothing but {@link #number()} and the
   *     order of open requests
   * @return this, for chaining
   */
  public RoutingState apply(long number, RoutingEvent event) {
    this.number = number;
    this.atMs = event.at().toEpochMilli();
    event.accept(fold);
    if (learning != null) {
      learning.apply(event);
    }
    return this;
  }

  /** Passes over events that nobody has, up to and including {@code last}. */
  public void skipTo(long last) {
    number = last;
  }

  /** Version of the function that gives this state. */
  public int fold() {
    if (breakers == null) {
      return WITHOUT_BREAKERS;
    }
    if (terms == null) {
      return WITHOUT_LEARNING;
    }
    return terms.promiseRule() == 0 ? FIRST_PROMISES : FOLD;
  }

  /** Number of the last event taken in, 0 before the first. */
  public long number() {
    return number;
  }

  /** Term of the last {@link RoutingEvent.TermStarted}, 0 before it. */
  public long term() {
    return term;
  }

  /** Strategy in force for requests that name none; empty before the term's start. */
  public String strategy() {
    return strategy;
  }

  /** One total of the term. */
  public long total(Total key) {
    return totals.get(key);
  }

  /** Counts by model id, sorted. */
  public SortedMap<String, Counters<Tally>> models() {
    return Collections.unmodifiableSortedMap(models);
  }

  /** Counts by node name, sorted. */
  public SortedMap<String, Counters<Tally>> nodes() {
    return Collections.unmodifiableSortedMap(nodes);
  }

  /** Ids of the requests that have no end yet, oldest first. */
  public Collection<String> open() {
    return Collections.unmodifiableCollection(open.keySet());
  }

  /** Names and states of the members, sorted. */
  public SortedMap<String, String> members() {
    var states = new TreeMap<String, String>();
    members.forEach((name, member) -> states.put(name, member.state));
    return states;
  }

  /** What was learned of a model on a node; all zero if nothing was. */
  public LearnedSpeed learned(ModelId model, NodeId node) {
    var sums = learned.getOrDefault(model.value(), new TreeMap<>()).get(node.value());
    return LearnedSpeed.of(sums == null ? new Counters<>(Learned.class) : sums);
  }

  /** What the plan had done lately, oldest first; at most {@value #MOVES_MAX}. */
  public List<RoutingEvent.Arranged> moves() {
    return List.copyOf(moves);
  }

  /** Places that have failed and not worked since; none where the events do not tell. */
  public List<Breakers.Place> failedPlaces() {
    return breakers == null ? List.of() : breakers.places();
  }

  /** Those of them that are left alone at a time, in milliseconds since 1970. */
  public List<Breakers.Place> leftAlone(long atMs) {
    var all = breakers;
    return all == null
        ? List.of()
        : all.places().stream()
            .filter(place -> all.open(place.node(), place.model(), atMs))
            .toList();
  }

  /**
   * Number that follows from all that was learned since the term began, or since {@link
   * #learnAnew()}; 0 before the first, and where the events do not tell how their router learned.
   */
  public long learned() {
    return learning == null ? 0 : learning.trace();
  }

  /**
   * Begins to learn from nothing, as whoever goes on from {@link #json()} must: a state tells how
   * much of what was learned came out the same, and not what it was, which would be too much to
   * store.
   */
  public void learnAnew() {
    learning = terms == null ? null : Learning.by(terms);
  }

  /** The canonical JSON: sorted keys, whole numbers, no spaces. */
  public String json() {
    return new String(StateJson.write(this), StandardCharsets.UTF_8);
  }

  /**
   * The state whose {@link #json()} this is, with nothing learned: see {@link #learnAnew()}.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static RoutingState fromJson(String json) {
    return StateJson.read(json);
  }

  /** Whether a canonical JSON was made by a version of the fold that this program has. */
  public static boolean canRead(String json) {
    return knows(StateJson.foldOf(json));
  }

  static boolean knows(int fold) {
    return fold >= WITHOUT_BREAKERS && fold <= FOLD;
  }

  /** SHA-256 of the canonical JSON, 64 hexadecimal digits. */
  public String hash() {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(StateJson.write(this));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /** Forgets everything but the number and the time. */
  void clear() {
    term = 0;
    coordinator = "";
    strategy = "";
    version = "";
    totals.clear();
    refusals.clear();
    models.clear();
    nodes.clear();
    learned.clear();
    ratings.clear();
    members.clear();
    open.clear();
    moves.clear();
    breakers = null;
    terms = null;
    learning = null;
  }
}
