package org.brokecluster.coordinator.history.learning;

import java.util.LinkedHashMap;
import java.util.Map;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.router.RequestFacts;
import org.jspecify.annotations.Nullable;

/**
 * Which model gave the last answer of a running conversation. A call belongs to the conversation of
 * its session, if it names one; else to the one whose last prompt it goes on from, which is seen by
 * the fingerprint of that prompt among those of its own beginning. Bounded; the one that rested
 * longest goes first. Not thread safe.
 */
final class Conversations {
  private final StayingSettings settings;
  private final Map<Key, Turn> turns = new LinkedHashMap<>();

  /** One of the two is absent. */
  private record Key(@Nullable String session, long prompt, @Nullable String user) {}

  private record Turn(ModelId model, long atMs) {}

  Conversations(StayingSettings settings) {
    this.settings = settings;
  }

  /** A model has answered. */
  void answered(RequestFacts facts, ModelId model, long atMs) {
    var session = facts.wishes().session();
    if (session != null) {
      put(session(facts, session), new Turn(model, atMs));
    }
    var prefix = facts.prefix();
    if (!prefix.isEmpty()) {
      put(new Key(null, prefix.get(prefix.size() - 1), null), new Turn(model, atMs));
    }
  }

  private void put(Key key, Turn turn) {
    turns.remove(key);
    turns.put(key, turn);
    if (turns.size() > settings.size()) {
      var oldest = turns.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
  }

  /** The model that gave the last answer of the conversation; null if it is none that runs. */
  @Nullable ModelId model(RequestFacts facts, long nowMs) {
    if (turns.isEmpty() || settings.margin() == 0) {
      return null;
    }
    var session = facts.wishes().session();
    if (session != null) {
      var running = running(turns.get(session(facts, session)), nowMs);
      if (running != null) {
        return running;
      }
    }
    var prefix = facts.prefix();
    for (int i = prefix.size() - 2; i >= 0; i--) { // the whole prompt again is a new try
      var running = running(turns.get(new Key(null, prefix.get(i), null)), nowMs);
      if (running != null) {
        return running;
      }
    }
    return null;
  }

  private @Nullable ModelId running(@Nullable Turn turn, long nowMs) {
    boolean runs = turn != null && nowMs - turn.atMs() <= settings.lasts().toMillis();
    return runs ? turn.model() : null;
  }

  private static Key session(RequestFacts facts, String session) {
    return new Key(session, 0, facts.wishes().user());
  }
}
