package org.brokecluster.coordinator.history.store;

import java.util.ArrayList;
import java.util.List;
import org.brokecluster.coordinator.history.journal.HistoryId;
import org.jspecify.annotations.Nullable;

/**
 * In which rows of the journal a request's events lie, as text: {@code id#1,2;id#1}. Beyond {@value
 * #TEXT_MAX} characters later rows are left out.
 *
 * @param text the references in order
 */
record StoredIn(String text) {
  /** Longest text. */
  static final int TEXT_MAX = 4000;

  static final StoredIn EMPTY = new StoredIn("");

  /** One row. */
  record Place(HistoryId id, long sequence) {}

  /** These rows and one more, unless it is the last of them already. */
  StoredIn with(HistoryId id, long sequence) {
    int section = text.lastIndexOf(';') + 1;
    var prefix = id.persistenceId() + "#";
    boolean sameId = text.startsWith(prefix, section);
    var number = Long.toString(sequence);
    if (sameId && (text.endsWith("#" + number) || text.endsWith("," + number))) {
      return this;
    }
    var longer =
        sameId ? text + "," + number : text + (text.isEmpty() ? "" : ";") + prefix + number;
    return longer.length() > TEXT_MAX ? this : new StoredIn(longer);
  }

  /** The rows in order. */
  List<Place> places() {
    var places = new ArrayList<Place>();
    for (var section : text.split(";", -1)) {
      int split = section.indexOf('#');
      var id = split < 0 ? null : HistoryId.parse(section.substring(0, split)).orElse(null);
      add(places, id, section.substring(split + 1));
    }
    return places;
  }

  private static void add(List<Place> places, @Nullable HistoryId id, String sequences) {
    if (id == null) {
      return;
    }
    for (var sequence : sequences.split(",", -1)) {
      places.add(new Place(id, Long.parseLong(sequence)));
    }
  }
}
