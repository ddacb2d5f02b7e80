package org.brokecluster.coordinator.routing.profile;

import java.util.List;
import java.util.Locale;
import org.brokecluster.coordinator.routing.profile.PhraseIndex.Pattern;

/**
 * Kinds of work that are recognised by their phrases.
 *
 * <p>{@code complexity} is the middle of the tier the task belongs to; weaker evidence moves it by
 * at most {@value PhraseEstimator#SWAY}. A <em>weak</em> task ("what is …") counts only where no
 * other was found.
 */
enum Task {
  SECURITY_ANALYSIS(0.85, 900, 0.7, 0.2, false),
  ARCHITECTURE_DESIGN(0.85, 1200, 0.7, 0.7, false),
  COMPLEX_REFACTORING(0.80, 1200, 0.6, 0.4, false),
  PERFORMANCE_WORK(0.78, 900, 0.6, 0.3, false),
  PROOF(0.82, 900, 0.95, 0.3, false),
  VERIFICATION(0.90, 1500, 0.95, 0.3, false),
  WHOLE_SYSTEM(0.90, 3000, 0.7, 0.5, false),
  CODE_REVIEW(0.52, 600, 0.4, 0.1, false),
  API_INTEGRATION(0.50, 700, 0.3, 0.3, false),
  DEBUGGING(0.55, 500, 0.6, 0.1, false),
  TEST_DATA(0.46, 600, 0.1, 0.4, false),
  PROGRAMMING(0.48, 600, 0.3, 0.3, false),
  LONG_TEXT(0.45, 900, 0.3, 0.7, false),
  FORMATTING(0.15, 300, 0.0, 0.0, false),
  SIMPLE_DOCS(0.20, 300, 0.1, 0.2, false),
  UNIT_TESTS(0.25, 600, 0.2, 0.2, false),
  TRANSLATION(0.20, 200, 0.1, 0.1, false),
  PERFORMANCE_TALK(0.72, 600, 0.5, 0.2, true),
  QUICK_QUESTION(0.14, 150, 0.1, 0.0, true),
  SUM(0.16, 150, 0.3, 0.0, true),
  SMALL_TALK(0.18, 150, 0.0, 0.0, true);

  /** Every phrase with its task. */
  static final List<Pattern<Task>> PATTERNS = TaskPhrases.all();

  private final double complexity;
  private final int answerTokens;
  private final double reasoning;
  private final double creative;
  private final boolean weak;

  Task(double complexity, int answerTokens, double reasoning, double creative, boolean weak) {
    this.complexity = complexity;
    this.answerTokens = answerTokens;
    this.reasoning = reasoning;
    this.creative = creative;
    this.weak = weak;
  }

  /**
   * Whether no model that a Mac can hold does it so well that its answer needs no reading: a proof
   * that sounds right is not one, and an answer is no operating system.
   */
  boolean beyondLargeModels() {
    return this == PROOF || this == VERIFICATION || this == WHOLE_SYSTEM;
  }

  /** Name in kebab case. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  double complexity() {
    return complexity;
  }

  int answerTokens() {
    return answerTokens;
  }

  double reasoning() {
    return reasoning;
  }

  double creative() {
    return creative;
  }

  boolean weak() {
    return weak;
  }
}
