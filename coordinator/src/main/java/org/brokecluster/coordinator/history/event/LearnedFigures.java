package org.brokecluster.coordinator.history.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.function.UnaryOperator;
import org.brokecluster.protocol.id.ModelId;
import org.jspecify.annotations.Nullable;

/**
 * All that was learned of quality at one moment, as it is recorded: the rows, the one changed
 * longest ago first.
 */
public record LearnedFigures(List<Row> rows) {
  /** Rows there may be; with the longest names they stay below the size of an event. */
  public static final int ROWS_MAX = 1_000;

  /** Nothing was learned. */
  public static final LearnedFigures NONE = new LearnedFigures(List.of());

  /** Copies the list. */
  public LearnedFigures {
    rows = List.copyOf(rows);
  }

  /**
   * What was learned of one combination; absent parts stand for all.
   *
   * @param topic kind of work
   * @param user whose requests these were, by an opaque id where it is stored; empty for people
   *     without a name
   * @param ratings how many ratings there were
   * @param ratingWeight what they weigh by now
   * @param ratingSum by how much they were better than expected, weighted and added up
   * @param outcomes how many answers ended
   * @param outcomeWeight what they weigh by now
   * @param outcomeSum by how much they went better than others, weighted and added up
   * @param sharedWeight of a user's row: what the user's ratings weigh for everybody else; absent
   *     in rows of an earlier version, and where there are none
   * @param sharedSum the same of their sum
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Row(
      @Nullable ModelId model,
      @Nullable String topic,
      @Nullable String role,
      @Nullable String user,
      long ratings,
      double ratingWeight,
      double ratingSum,
      long outcomes,
      double outcomeWeight,
      double outcomeSum,
      @Nullable Double sharedWeight,
      @Nullable Double sharedSum) {
    /** A row that tells of nothing shared. */
    public Row(
        @Nullable ModelId model,
        @Nullable String topic,
        @Nullable String role,
        @Nullable String user,
        long ratings,
        double ratingWeight,
        double ratingSum,
        long outcomes,
        double outcomeWeight,
        double outcomeSum) {
      this(
          model,
          topic,
          role,
          user,
          ratings,
          ratingWeight,
          ratingSum,
          outcomes,
          outcomeWeight,
          outcomeSum,
          null,
          null);
    }

    /** The same of a user of another name. */
    public Row of(@Nullable String otherUser) {
      return new Row(
          model,
          topic,
          role,
          otherUser,
          ratings,
          ratingWeight,
          ratingSum,
          outcomes,
          outcomeWeight,
          outcomeSum,
          sharedWeight,
          sharedSum);
    }
  }

  /** The same with other names for the users; rows of those that have none are left out. */
  public LearnedFigures renamed(UnaryOperator<@Nullable String> names) {
    return new LearnedFigures(
        rows.stream()
            .filter(row -> isNobody(row.user()) || names.apply(row.user()) != null)
            .map(row -> isNobody(row.user()) ? row : row.of(names.apply(row.user())))
            .toList());
  }

  private static boolean isNobody(@Nullable String user) {
    return user == null || user.isEmpty();
  }
}
