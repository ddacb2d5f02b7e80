package org.brokecluster.coordinator.routing.profile;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.brokecluster.protocol.router.Profile;
import org.jspecify.annotations.Nullable;

/**
 * The first estimate: the task named in the prompt decides, weaker evidence sways it a little.
 *
 * <p>In the last message of the user, near its ends and outside fenced code, the most specific
 * phrase of {@link TaskPhrases} wins (most words, then most letters, then the earlier one). Its
 * task gives the complexity; length, code, reasoning, mathematics and several questions move it by
 * at most {@value #SWAY} either way, so that a named task keeps its tier. Without a phrase the same
 * evidence alone makes the estimate. Weights are documented in the README beside the package; they
 * are meant to be replaced by a trained estimator.
 */
public final class PhraseEstimator implements ComplexityEstimator {
  static final double SWAY = 0.08;

  private static final String BASIS = "phrases";
  private static final int ANSWER_MIN = 16;
  private static final int ANSWER_MAX = 4096;
  private static final double CHARS_PER_TOKEN = 4;
  private static final double TOKENS_PER_WORD = 1.4;
  private static final double HITS_FOR_CERTAINTY = 3;

  private final PhraseIndex<Task> tasks = new PhraseIndex<>(Task.PATTERNS);
  private final PhraseIndex<Hint> hints = new PhraseIndex<>(Hint.PATTERNS);

  /**
   * What was found, for an estimator that knows more.
   *
   * @param profile the estimate by phrases alone
   * @param task the task named, or null
   * @param weak complexity by everything but the task's name, 0 to 1
   * @param words number of words that were looked at
   * @param lengthAsked whether the prompt says how long the answer should be
   * @param precision times that it asks for something exact
   * @param figures times that it asks for a figure
   */
  record Findings(
      Profile profile,
      @Nullable Task task,
      double weak,
      int words,
      boolean lengthAsked,
      int precision,
      int figures) {}

  @Override
  public String name() {
    return BASIS;
  }

  @Override
  public Profile estimate(PromptText text) {
    return findings(text).profile();
  }

  Findings findings(PromptText text) {
    var words = Words.of(text.lastOfUser());
    var evidence = collect(words, text.length());
    var profile = profile(words, evidence);
    return new Findings(
        profile,
        evidence.task,
        clamp(evidence.weak(), 0, 1),
        words.count(),
        evidence.brief || evidence.wordsAsked > 0,
        evidence.precisionHits,
        evidence.figureHits);
  }

  private static Profile profile(Words words, Evidence evidence) {
    var task = evidence.task;
    double sway = evidence.weak();
    double prompt = task == null ? sway : clamp(task.complexity() + SWAY * (2 * sway - 1), 0, 1);
    double answer = clamp(0.85 * prompt + 0.15 * evidence.reasoning(), 0, 1);
    return new Profile(
        round(prompt),
        round(answer),
        round(languageBias(words.codeShare(), task)),
        evidence.domains(),
        round(Math.max(evidence.reasoning(), task == null ? 0 : task.reasoning())),
        round(Math.max(evidence.invention(), task == null ? 0 : task.creative())),
        evidence.answerTokens(words),
        BASIS,
        evidence.label());
  }

  private Evidence collect(Words words, long promptLength) {
    var evidence = new Evidence(words, promptLength);
    for (int word = 0; word < words.count(); word++) {
      if (words.isInstruction(word)) {
        for (var group : tasks.candidates(words, word)) {
          if (group.beginsAt(words, word)) {
            evidence.takeBest(group, words, word);
          }
        }
      }
      for (var group : hints.candidates(words, word)) {
        if (group.beginsAt(words, word)) {
          evidence.takeAll(group, words, word);
        }
      }
      evidence.noteLength(words, word);
    }
    return evidence;
  }

  private static double languageBias(double codeShare, @Nullable Task task) {
    double byText = 1 - codeShare;
    if (task == null) {
      return byText;
    }
    return switch (task) {
      case SECURITY_ANALYSIS, COMPLEX_REFACTORING, CODE_REVIEW, DEBUGGING, UNIT_TESTS ->
          Math.min(byText, 0.3);
      case PERFORMANCE_WORK, API_INTEGRATION, PROGRAMMING, TEST_DATA -> Math.min(byText, 0.4);
      case VERIFICATION, WHOLE_SYSTEM -> Math.min(byText, 0.4);
      case FORMATTING, SIMPLE_DOCS, ARCHITECTURE_DESIGN, PERFORMANCE_TALK -> byText;
      case PROOF, LONG_TEXT, TRANSLATION, QUICK_QUESTION, SUM, SMALL_TALK -> byText;
    };
  }

  private static double clamp(double value, double min, double max) {
    return Math.max(min, Math.min(max, value));
  }

  private static double round(double value) {
    return Math.round(value * 1000) / 1000.0;
  }

  /** What was found so far. */
  private static final class Evidence {
    private final double length;
    private final double code;
    private final double questions;
    private final double promptTokens;
    private final Map<String, Integer> domainHits = new HashMap<>();
    private @Nullable Task task;
    private @Nullable Phrase phrase;
    private int reasoningHits;
    private int mathsHits;
    private int inventionHits;
    private int precisionHits;
    private int figureHits;
    private boolean brief;
    private int wordsAsked;

    Evidence(Words words, long promptLength) {
      promptTokens = promptLength / CHARS_PER_TOKEN;
      length = clamp(Math.log1p(promptTokens / 100) / Math.log(65), 0, 1);
      code = words.codeShare();
      questions = clamp((words.questions() - 1) / 3.0, 0, 1);
    }

    private boolean wouldWin(PhraseIndex.Entry<Task> entry) {
      if (task == null || phrase == null) {
        return true;
      }
      if (task.weak() != entry.meaning().weak()) {
        return task.weak();
      }
      return entry.phrase().weight() > phrase.weight();
    }

    /** Takes the most specific phrase that is there, if it beats the one taken before. */
    void takeBest(PhraseIndex.Group<Task> group, Words words, int word) {
      for (var entry : group.entries()) {
        if (wouldWin(entry) && entry.phrase().followsFrom(words, word)) {
          task = entry.meaning();
          phrase = entry.phrase();
        }
      }
    }

    void takeAll(PhraseIndex.Group<Hint> group, Words words, int word) {
      for (var entry : group.entries()) {
        if (entry.phrase().followsFrom(words, word)) {
          take(entry.meaning());
        }
      }
    }

    private void take(Hint hint) {
      switch (hint.kind()) {
        case DOMAIN -> domainHits.merge(hint.domain(), 1, Integer::sum);
        case REASONING -> reasoningHits++;
        case MATHS -> mathsHits++;
        case INVENTION -> inventionHits++;
        case BREVITY -> brief = true;
        case PRECISION -> precisionHits++;
        case FIGURE -> figureHits++;
      }
    }

    /** Remembers "in 500 words". */
    void noteLength(Words words, int word) {
      if (wordsAsked == 0 && word > 0 && words.matches(word, "word", false)) {
        wordsAsked = Math.max(0, words.number(word - 1));
      }
    }

    double reasoning() {
      return clamp(reasoningHits / HITS_FOR_CERTAINTY, 0, 1);
    }

    double invention() {
      return clamp(inventionHits / HITS_FOR_CERTAINTY, 0, 1);
    }

    /** Complexity by everything but the task's name, 0.2 to 0.9. */
    double weak() {
      double maths = clamp(mathsHits / HITS_FOR_CERTAINTY, 0, 1);
      return 0.20
          + 0.16 * length
          + 0.12 * code
          + 0.18 * reasoning()
          + 0.14 * maths
          + 0.06 * invention()
          + 0.04 * questions;
    }

    int answerTokens(Words words) {
      double expected = task == null ? 200 + 400 * weak() : task.answerTokens();
      if (task == Task.TRANSLATION || task == Task.FORMATTING) {
        expected = Math.max(32, promptTokens * 1.1);
      }
      if (wordsAsked > 0) {
        expected = wordsAsked * TOKENS_PER_WORD;
      } else if (brief && words.count() < 200) {
        expected = Math.min(expected, 80);
      }
      return (int) Math.round(clamp(expected, ANSWER_MIN, ANSWER_MAX));
    }

    Map<String, Double> domains() {
      var sorted = new TreeMap<Double, TreeMap<String, Double>>();
      domainHits.forEach(
          (domain, hits) ->
              sorted
                  .computeIfAbsent(-(double) hits, key -> new TreeMap<>())
                  .put(domain, round(clamp(hits / HITS_FOR_CERTAINTY, 0, 1))));
      var domains = new HashMap<String, Double>();
      for (var group : sorted.values()) {
        group.forEach(
            (domain, weight) -> {
              if (domains.size() < Profile.DOMAINS_MAX) {
                domains.put(domain, weight);
              }
            });
      }
      return domains;
    }

    String label() {
      if (task == null || phrase == null) {
        return "no known task; length, code and wording only";
      }
      return task.label() + " by \"" + phrase.label() + "\"";
    }
  }
}
