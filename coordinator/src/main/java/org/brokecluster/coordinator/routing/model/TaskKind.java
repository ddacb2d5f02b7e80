package org.brokecluster.coordinator.routing.model;

import java.util.Locale;

/** Kinds of prompts that the training data tells apart; the model has weights for each. */
public enum TaskKind {
  /** Multiple choice at school and college level. */
  QUIZ,
  /** Multiple choice of many options at university level, and science questions of experts. */
  EXAM,
  /** Arithmetic told as a story. */
  WORD_PROBLEM,
  /** Mathematics of competitions. */
  MATHS,
  /** Programming exercises. */
  CODE,
  /** Everyday knowledge and simple science. */
  COMMON_SENSE,
  /** Short questions of fact. */
  TRIVIA,
  /** Puzzles of logic, sentences from given words. */
  PUZZLE,
  /** Anything people ask an assistant to do. */
  OPEN;

  private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

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
}
