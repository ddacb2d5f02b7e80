package org.brokecluster.coordinator.routing.profile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Phrases filed by their first word, each with what it stands for. Words are looked up by their
 * first letters, and all phrases with the same first word are looked at only if that word is there.
 */
final class PhraseIndex<T> {
  private final List<List<Group<T>>> buckets;

  /** A pattern as written, see {@link Phrase}, and what it stands for. */
  record Pattern<T>(String text, T meaning) {}

  /** One phrase and its meaning. */
  record Entry<T>(Phrase phrase, T meaning) {}

  /** Phrases with the same first word, the most specific first. */
  record Group<T>(Phrase first, List<Entry<T>> entries) {
    /** Whether the word is the first one of these phrases. */
    boolean beginsAt(Words words, int word) {
      return first.startsWith(words, word);
    }
  }

  /** Takes the phrases of every pattern. */
  PhraseIndex(List<Pattern<T>> patterns) {
    var filling = new LinkedHashMap<String, List<Entry<T>>>();
    for (var pattern : patterns) {
      for (var phrase : Phrase.parse(pattern.text())) {
        filling
            .computeIfAbsent(phrase.firstWord(), key -> new ArrayList<>())
            .add(new Entry<>(phrase, pattern.meaning()));
      }
    }
    buckets = file(filling);
  }

  private static <T> List<List<Group<T>>> file(Map<String, List<Entry<T>>> byFirstWord) {
    var buckets = new ArrayList<List<Group<T>>>();
    for (int i = 0; i < Words.KEYS; i++) {
      buckets.add(new ArrayList<>());
    }
    for (var entries : byFirstWord.values()) {
      entries.sort(Comparator.comparingInt(entry -> -entry.phrase().weight()));
      var first = entries.get(0).phrase();
      buckets.get(first.key()).add(new Group<>(first, List.copyOf(entries)));
    }
    return buckets.stream().map(List::copyOf).toList();
  }

  /** Groups whose phrases may begin with this word. */
  List<Group<T>> candidates(Words words, int word) {
    return buckets.get(words.key(word));
  }
}
