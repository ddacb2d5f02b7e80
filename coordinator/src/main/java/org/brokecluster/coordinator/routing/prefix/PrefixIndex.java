package org.brokecluster.coordinator.routing.prefix;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.brokecluster.coordinator.routing.prefix.PlaceCache.Place;
import org.brokecluster.coordinator.routing.prefix.PlaceCache.Sequence;
import org.brokecluster.coordinator.routing.state.NodeSpots;
import org.brokecluster.coordinator.routing.state.Spot;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.router.AttemptOutcome;
import org.brokecluster.protocol.router.AttemptReport;
import org.brokecluster.protocol.router.RequestFacts;
import org.jspecify.annotations.Nullable;

/**
 * Which beginnings of prompts are in which model server's cache. A prompt is entered when its
 * answer is complete, because only then does a server keep it; what servers keep, and for how long,
 * is in {@link CacheRule}; what they say of it ({@code cached_tokens}) puts right what was
 * believed.
 *
 * <p>A fingerprint stands for all the text before it, so the trie of prefixes needs no edges: each
 * of its nodes is found by its fingerprint at once. Finding the longest beginning for every place
 * takes one look for each fingerprint of the prompt, longest first.
 *
 * <p>It only knows; what it is worth is the time of reading, which the decision compares with
 * queues like any other time. So nobody is held to a place that is busy or does not answer. Bounded
 * by {@link PrefixSettings#size}; what was entered longest ago goes first. Not thread safe.
 */
public final class PrefixIndex {
  private static final int OPEN_MAX = 10_000;

  private final PrefixSettings settings;
  private final Map<Long, Map<PlaceCache, Integer>> holders = new HashMap<>();
  private final Map<Place, PlaceCache> caches = new HashMap<>();
  private final Set<Sequence> byAge = new LinkedHashSet<>();
  private final Map<AttemptId, Open> open =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<AttemptId, Open> eldest) {
          return size() > OPEN_MAX;
        }
      };
  private int size;

  private record Open(PlaceCache cache, RequestFacts facts, PrefixMatch.Hit hit) {}

  /** An empty index. */
  public PrefixIndex(PrefixSettings settings) {
    this.settings = settings;
  }

  /** Fingerprints remembered, those of several prompts counted for each. */
  public int size() {
    return size;
  }

  /** What each place has of a prompt. */
  public PrefixMatch match(RequestFacts facts) {
    var marks = facts.prefix();
    var tokens = facts.prefixTokens();
    if (size == 0 || tokens.size() != marks.size()) {
      return PrefixMatch.NONE;
    }
    var hits = new HashMap<Place, PrefixMatch.Hit>();
    for (int i = marks.size() - 1; i >= 0; i--) {
      var having = holders.get(marks.get(i));
      if (having == null) {
        continue;
      }
      int covered = Math.max(0, Math.min(tokens.get(i), facts.promptTokens() - 1));
      for (var cache : having.keySet()) {
        int counted = (int) (covered * cache.trust());
        hits.putIfAbsent(
            cache.place(),
            new PrefixMatch.Hit(marks.get(i), covered, counted, cache.isEnd(marks.get(i))));
      }
    }
    return new PrefixMatch(hits, caches);
  }

  /** A request is given a place. */
  public void placed(AttemptId attempt, Spot spot, RequestFacts facts) {
    if (!settings.enabled() || facts.prefix().isEmpty()) {
      return;
    }
    var place = new Place(spot.node(), spot.model());
    var cache =
        caches.computeIfAbsent(
            place, each -> new PlaceCache(each, CacheRule.of(spot.hosted().facts())));
    var hit = match(facts).hit(spot.node(), spot.model());
    open.put(attempt, new Open(cache, facts, hit));
  }

  /** An attempt is over: its prompt is in the cache of its place, if it was answered to the end. */
  public void ended(AttemptReport report) {
    var ended = open.remove(report.attempt());
    if (ended == null || report.outcome() != AttemptOutcome.COMPLETED) {
      return;
    }
    var cache = ended.cache();
    if (caches.get(cache.place()) != cache) {
      return; // forgotten meanwhile: the server began anew
    }
    learn(ended, report.usage());
    remember(ended, report.usage());
  }

  private void learn(Open ended, Usage usage) {
    var hit = ended.hit();
    if (ended.cache().rule().reports() && !usage.estimated() && hit.tokens() > 0) {
      double actual = Math.max(1, usage.promptTokens()) / (double) ended.facts().promptTokens();
      var gone = ended.cache().learn(hit.tokens() * actual, usage.cachedTokens(), hit.mark());
      gone.forEach(this::drop);
    }
  }

  private void remember(Open ended, Usage usage) {
    var marks = ended.facts().prefix();
    long end = marks.get(marks.size() - 1);
    var usable =
        ended.cache().rule().anywhere() || marks.size() < 2 ? marks : List.of(marks.get(0), end);
    long tokens = (long) ended.facts().promptTokens() + usage.completionTokens();
    var sequence = new Sequence(ended.cache(), usable, end, tokens);
    ended.cache().remember(sequence).forEach(this::drop);
    if (!byAge.add(sequence)) {
      return;
    }
    size += usable.size();
    usable.forEach(
        mark ->
            holders
                .computeIfAbsent(mark, each -> new HashMap<>(4))
                .merge(ended.cache(), 1, Integer::sum));
    while (size > settings.size()) {
      var oldest = byAge.iterator().next();
      oldest.cache().forget(oldest);
      drop(oldest);
    }
  }

  private void drop(Sequence sequence) {
    if (!byAge.remove(sequence)) {
      return;
    }
    size -= sequence.marks().size();
    for (var mark : sequence.marks()) {
      var having = holders.get(mark);
      if (having != null) {
        having.computeIfPresent(sequence.cache(), (cache, count) -> fewer(count));
        if (having.isEmpty()) {
          holders.remove(mark);
        }
      }
    }
  }

  private static @Nullable Integer fewer(int count) {
    return count == 1 ? null : count - 1;
  }

  /** A node has changed: what is not in memory any more has no cache either. */
  public void sees(NodeSpots node) {
    for (var spot : node.spots()) {
      if (spot.state() != ModelState.LOADED) {
        forget(new Place(spot.node(), spot.model()));
      }
    }
  }

  /** A node is gone. */
  public void forget(NodeId node) {
    for (var place : List.copyOf(caches.keySet())) {
      if (place.node().equals(node)) {
        forget(place);
      }
    }
  }

  private void forget(Place place) {
    var cache = caches.remove(place);
    if (cache != null) {
      cache.all().forEach(this::drop);
    }
  }
}
