package org.brokecluster.shared.config;

import java.util.List;

/** The configuration cannot be used; the message lists every problem with its key. */
public final class InvalidConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  InvalidConfigException(List<String> problems, String message) {
    super(message);
    this.problems = List.copyOf(problems);
  }

  /** Every problem, each beginning with its key. */
  public List<String> problems() {
    return problems;
  }
}
