package org.brokecluster.coordinator.routing.profile;

import java.util.ArrayList;
import java.util.List;

/** Phrases filed by the first two letters of their first word, each with what it stands for. */
final class PhraseIndex<T> {
  private final List<List<Entry<T>>> buckets;

  /** One phrase and its meaning. */
  record Entry<T>(Phrase phrase, T meaning) {}

  /** Takes the phrases of every pattern. */
  PhraseIndex(List<Pattern<T>> patterns) {
    var filling = new ArrayList<List<Entry<T>>>();
    for (int i = 0; i < 1024; i++) {
      filling.add(new ArrayList<>());
    }
    for (var pattern : patterns) {
      for (var phrase : Phrase.parse(pattern.text())) {
        filling.get(phrase.key()).add(new Entry<>(phrase, pattern.meaning()));
      }
    }
    buckets = filling.stream().map(List::copyOf).toList();
  }

  /** A pattern as written, see {@link Phrase}, and what it stands for. */
  record Pattern<T>(String text, T meaning) {}

  /** Phrases that may begin with this word. */
  List<Entry<T>> candidates(Words words, int word) {
    return buckets.get(words.key(word));
  }
}
