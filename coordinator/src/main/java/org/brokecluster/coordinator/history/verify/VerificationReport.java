package org.brokecluster.coordinator.history.verify;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What verification found.
 *
 * @param terms every term, in the order of replay
 * @param result the worst of them
 */
public record VerificationReport(List<TermReport> terms, Result result) {
  /** Terms listed in full in the JSON; beyond that those that are not identical come first. */
  static final int TERMS_MAX = 500;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Copies the list. */
  public VerificationReport {
    terms = List.copyOf(terms);
  }

  /** From best to worst. */
  public enum Result {
    IDENTICAL("identical"),
    NOT_COMPARABLE("not comparable"),
    DIFFERS("differs");

    private final String label;

    Result(String label) {
      this.label = label;
    }

    /** As users see it, without the number. */
    public String label() {
      return label;
    }
  }

  static VerificationReport of(List<TermReport> terms) {
    var worst =
        terms.stream()
            .map(TermReport::result)
            .max(Comparator.naturalOrder())
            .orElse(Result.IDENTICAL);
    return new VerificationReport(terms, worst);
  }

  /** {@code identical}, {@code differs at N} or {@code not comparable}. */
  public String verdict() {
    return worst() == null ? result.label() : verdict(worst());
  }

  /** One sentence for people. */
  public String message() {
    var worst = worst();
    if (worst == null) {
      return "%s in %s lead to the %s"
          .formatted(
              many(events(), "event"),
              many(terms.size(), "term"),
              many(checkpoints(), "recorded state"));
    }
    return "term %d of %s: %s".formatted(worst.term(), worst.coordinator(), worst.reason());
  }

  /** Events read in all terms. */
  public long events() {
    return terms.stream().mapToLong(TermReport::events).sum();
  }

  /** Checkpoints that were compared and agreed. */
  public long checkpoints() {
    return terms.stream().mapToLong(TermReport::checkpoints).sum();
  }

  /**
   * The report as a JSON document.
   *
   * @param seconds how long it took
   */
  public String json(double seconds) {
    var json = MAPPER.createObjectNode();
    json.put("result", verdict());
    json.put("message", message());
    json.put("events", events());
    json.put("checkpoints", checkpoints());
    json.put("seconds", Math.round(seconds * 1000) / 1000.0);
    json.put("termCount", terms.size());
    var array = json.putArray("terms");
    terms.stream()
        .sorted(Comparator.comparing((TermReport term) -> term.result() == Result.IDENTICAL))
        .limit(TERMS_MAX)
        .sorted(Comparator.comparingLong(TermReport::term))
        .forEach(term -> describe(term, array.addObject()));
    return json.toString();
  }

  private static void describe(TermReport term, ObjectNode json) {
    json.put("term", term.term());
    json.put("coordinator", term.coordinator());
    json.put("events", term.events());
    json.put("missing", term.missing());
    json.put("checkpoints", term.checkpoints());
    json.put("result", verdict(term));
    if (term.differsAt() != null) {
      json.put("differsAt", term.differsAt());
    }
    if (term.reason() != null) {
      json.put("reason", term.reason());
    }
  }

  private static String many(long count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }

  private static String verdict(TermReport term) {
    return term.differsAt() == null
        ? term.result().label()
        : term.result().label() + " at " + term.differsAt();
  }

  private @Nullable TermReport worst() {
    return terms.stream()
        .filter(term -> result != Result.IDENTICAL && term.result() == result)
        .findFirst()
        .orElse(null);
  }
}
