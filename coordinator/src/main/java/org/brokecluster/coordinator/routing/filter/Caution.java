package org.brokecluster.coordinator.routing.filter;

import java.util.List;
import org.brokecluster.coordinator.routing.state.Spot;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.router.Tried;
import org.jspecify.annotations.Nullable;

/** How strongly a request's own earlier failures speak against a place. */
public enum Caution {
  /** Not at all. */
  NONE,
  /**
   * Others of what was asked for come first, but it is better than a fallback: a single error of
   * its own may have been a hiccup, and a model beside one that failed may be fine.
   */
  LAST_RESORT,
  /** It would fail again. */
  NEVER;

  /** Failures at one place after which it is not tried again. */
  private static final int HICCUPS_MAX = 1;

  /**
   * What the failures of a request say of a place; the strongest one counts.
   *
   * @param rest whether an answer is to go on: the same weights once more, although a stream of
   *     them broke off there, come before other ones
   */
  public static Caution of(List<Tried> tried, Spot spot, boolean rest) {
    var most = strongest(tried, spot, rest);
    return most == null ? NONE : of(most, spot, rest);
  }

  /**
   * The failure that speaks most strongly against a place, the earliest of equals; null if none
   * does.
   *
   * @param rest as in {@link #of(List, Spot, boolean)}
   */
  public static @Nullable Tried strongest(List<Tried> tried, Spot spot, boolean rest) {
    Tried strongest = null;
    var most = NONE;
    for (int i = 0; i < tried.size(); i++) {
      var each = of(tried.get(i), spot, rest);
      if (each.compareTo(most) > 0) {
        strongest = tried.get(i);
        most = each;
      }
    }
    return strongest;
  }

  private static Caution of(Tried tried, Spot spot, boolean rest) {
    boolean sameModel = tried.model() == null || tried.model().equals(spot.model());
    if (tried.why() == AttemptFailure.Kind.CONTEXT_LENGTH) {
      return sameModel ? NEVER : NONE;
    }
    if (!tried.node().equals(spot.node())) {
      return NONE;
    }
    if (!sameModel) {
      return LAST_RESORT;
    }
    boolean passing =
        tried.why().mayBeHiccup() || (rest && tried.why() == AttemptFailure.Kind.STREAM_CUT);
    boolean hiccup = tried.model() != null && passing;
    return hiccup && tried.times() <= HICCUPS_MAX ? LAST_RESORT : NEVER;
  }
}
