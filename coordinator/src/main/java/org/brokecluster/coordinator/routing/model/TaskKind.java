package org.brokecluster.coordinator.routing.model;

import java.util.Locale;

/**
 * Kinds of prompts that the training data tells apart; the model has weights for each. They are as
 * fine as the outcomes differ: questions of fact as people type them fail less often than those of
 * quiz shows.
 */
public enum TaskKind {
  /** Multiple choice at school and college level. */
  QUIZ(Nature.TESTED),
  /** Questions on a text, as in exams of a language. */
  PASSAGE(Nature.TESTED),
  /** Multiple choice of many options at university level. */
  EXAM(Nature.TESTED),
  /** Science questions that only experts answer. */
  EXPERT(Nature.TESTED),
  /** Arithmetic told as a story. */
  WORD_PROBLEM(Nature.TESTED),
  /** Mathematics at school and college level. */
  MATHS(Nature.TESTED),
  /** Mathematics of competitions. */
  COMPETITION(Nature.TESTED),
  /** Programming exercises. */
  CODE(Nature.CODE),
  /** Functions whose head is given. */
  COMPLETION(Nature.CODE),
  /** Simple science, asked without options. */
  SCIENCE(Nature.OTHER),
  /** Simple science with options. */
  SCIENCE_QUIZ(Nature.OTHER),
  /** Everyday knowledge. */
  COMMON_SENSE(Nature.OTHER),
  /** Sentences with a gap: which of two names belongs there. */
  GAP(Nature.OTHER),
  /** Questions of quiz shows. */
  TRIVIA(Nature.OTHER),
  /** Short questions of fact as people type them into a search. */
  LOOKUP(Nature.OTHER),
  /** Puzzles of logic. */
  PUZZLE(Nature.OTHER),
  /** Sentences from given words. */
  SENTENCES(Nature.OTHER),
  /** Anything people ask an assistant to do. */
  OPEN(Nature.OTHER);

  private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');
  private final Nature nature;

  TaskKind(Nature nature) {
    this.nature = nature;
  }

  private enum Nature {
    TESTED,
    CODE,
    OTHER
  }

  /** Place in arrays by kind, from 0; in memory only, files go by {@link #label}. */
  @SuppressWarnings("EnumOrdinal")
  public int index() {
    return ordinal();
  }

  /** The kind at this place. */
  @SuppressWarnings("EnumOrdinal")
  static TaskKind at(int index) {
    return values()[index];
  }

  /** Name in kebab case, also that of its heads. */
  public String label() {
    return label;
  }

  /** Whether it has one right answer that is tested, so that no phrase in it is a task. */
  public boolean tested() {
    return nature == Nature.TESTED;
  }

  /** Whether its answer is a program. */
  public boolean code() {
    return nature == Nature.CODE;
  }
}
