package org.brokecluster.coordinator.history.store;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One request in one line, as it stands after the events seen so far. Filled by {@link
 * SummaryFold}, kept by {@link RequestTable}; mutable inside the one projector that owns it.
 *
 * <p>States are {@code open}, {@code completed}, {@code failed}, {@code cancelled} and {@code
 * refused}; refused is what no node ever had.
 */
final class RequestSummary {
  static final String OPEN = "open";
  static final String FAILED = "failed";
  static final String REFUSED = "refused";

  private static final int POSITION_BITS = 20;
  private static final int TRIED_MAX = 100;

  final long position;
  final String request;
  final long receivedAt;
  String state = OPEN;
  @Nullable String asked;
  @Nullable String api;
  boolean streamed;
  @Nullable String trafficClass;
  @Nullable String person;
  @Nullable String role;
  @Nullable String action;
  @Nullable String model;
  @Nullable String node;
  @Nullable String tier;
  @Nullable String strategy;
  @Nullable Double quality;
  @Nullable String qualityBasis;
  @Nullable Double complexity;
  int attempts;
  boolean rescued;
  long promptTokens;
  long completionTokens;
  long cachedTokens;
  @Nullable Long queuedMs;
  @Nullable Long firstTokenMs;
  @Nullable Long totalMs;
  @Nullable Long decodeMs;
  @Nullable Long predictedFirstMs;
  @Nullable Long predictedTotalMs;
  @Nullable String finishReason;
  @Nullable String failure;
  @Nullable String error;
  @Nullable Integer rating;
  long term;
  String coordinator = "";
  StoredIn storedIn = StoredIn.EMPTY;

  /** Its attempts that were placed or ended, by their numbers; at most {@value #TRIED_MAX}. */
  final TreeMap<Integer, AttemptSummary> tried = new TreeMap<>();

  /** Whether the table has a line for it already. */
  boolean inTable;

  RequestSummary(long position, String request, long receivedAt) {
    this.position = position;
    this.request = request;
    this.receivedAt = receivedAt;
  }

  /**
   * A request seen for the first time.
   *
   * @param number of the event it was seen in
   */
  static RequestSummary first(String request, long receivedAt, long number) {
    return new RequestSummary(position(receivedAt, number), request, receivedAt);
  }

  /** The attempt of a number, about to change; nothing if there are too many. */
  Optional<AttemptSummary> tried(int number) {
    if (!tried.containsKey(number) && tried.size() >= TRIED_MAX) {
      return Optional.empty();
    }
    var attempt = tried.computeIfAbsent(number, AttemptSummary::new);
    attempt.changed = true;
    return Optional.of(attempt);
  }

  /** Counts the attempts that a node had; one that was to take over and did not is none. */
  void countAttempts() {
    boolean open = state.equals(OPEN);
    attempts =
        (int)
            tried.values().stream()
                .filter(each -> each.node != null && (open || !each.state.equals(OPEN)))
                .count();
  }

  /** Whether an attempt has ended otherwise than with the answer. */
  boolean hasBroken() {
    return tried.values().stream()
        .anyMatch(each -> each.state.equals(FAILED) || each.state.equals("handed-over"));
  }

  /** Whether its last word has been said. */
  boolean isOver() {
    return !state.equals(OPEN) && !state.equals(REFUSED);
  }

  /** The attempt of that number, or the last one before it that a node had. */
  Optional<AttemptSummary> gaveAnswer(int number) {
    return tried.headMap(number, true).descendingMap().values().stream()
        .filter(each -> each.node != null && !each.state.equals(OPEN))
        .findFirst();
  }

  /** Place of a request in the table, by when it came and the number of its first event. */
  static long position(long receivedAt, long number) {
    return (receivedAt << POSITION_BITS) | (number & ((1 << POSITION_BITS) - 1));
  }

  /**
   * What clients of the history see.
   *
   * @param names people's names by their opaque ids; without one the id is shown
   */
  ObjectNode json(Map<String, String> names) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("request", request);
    json.put("at", Instant.ofEpochMilli(receivedAt).toString());
    json.put("state", state);
    json.put("modelAsked", asked);
    json.put("model", model);
    json.put("node", node);
    json.put("tier", tier);
    json.put("strategy", strategy);
    json.put("qualityTemperature", quality);
    json.put("qualityBasis", qualityBasis);
    json.put("attempts", attempts);
    json.put("rescued", rescued);
    json.put("promptTokens", promptTokens);
    json.put("completionTokens", completionTokens);
    json.put("cachedTokens", cachedTokens);
    json.put("queuedMs", queuedMs);
    json.put("firstTokenMs", firstTokenMs);
    json.put("totalMs", totalMs);
    json.put("decodeMs", decodeMs);
    json.put("predictedFirstMs", predictedFirstMs);
    json.put("predictedTotalMs", predictedTotalMs);
    json.put("finishReason", finishReason);
    json.put("failure", failure);
    json.put("error", error);
    json.put("rating", rating);
    json.put("user", person == null ? null : names.getOrDefault(person, person));
    json.put("role", role);
    json.put("action", action);
    json.put("api", api);
    json.put("stream", streamed);
    json.put("class", trafficClass);
    json.put("term", term);
    json.put("coordinator", coordinator);
    return json;
  }
}
