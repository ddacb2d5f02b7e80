package org.brokecluster.coordinator.history.fold;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * One exact sum for each constant of an enum. Whole numbers only, so that adding in any grouping
 * gives the same bits. Not thread safe: owned by one {@link RoutingState}.
 *
 * <p>Ordinals are indexes of an array inside one object here; the JSON has the names.
 *
 * @param <E> what is counted
 */
@SuppressWarnings("EnumOrdinal")
public final class Counters<E extends Enum<E>> {
  private static final ClassValue<List<Label>> LABELS =
      new ClassValue<>() {
        @Override
        protected List<Label> computeValue(Class<?> type) {
          return Stream.of(type.getEnumConstants())
              .map(key -> (Enum<?>) key)
              .map(key -> new Label(key.ordinal(), key.name().toLowerCase(Locale.ROOT)))
              .sorted(Comparator.comparing(Label::name))
              .toList();
        }
      };

  private final List<Label> labels;
  private final long[] sums;

  /** All sums zero. */
  Counters(Class<E> type) {
    labels = LABELS.get(type);
    sums = new long[labels.size()];
  }

  /** Name of one sum in the canonical JSON. */
  record Label(int ordinal, String name) {}

  /** The sum for one key. */
  public long get(E key) {
    return sums[key.ordinal()];
  }

  void add(E key, long amount) {
    sums[key.ordinal()] += amount;
  }

  void increment(E key) {
    sums[key.ordinal()]++;
  }

  void clear() {
    Arrays.fill(sums, 0);
  }

  /** Every key's name, sorted. */
  List<Label> labels() {
    return labels;
  }

  long at(Label label) {
    return sums[label.ordinal];
  }

  void set(Label label, long value) {
    sums[label.ordinal] = value;
  }
}
