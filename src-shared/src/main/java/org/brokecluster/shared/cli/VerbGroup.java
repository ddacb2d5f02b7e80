package org.brokecluster.shared.cli;

/** Headings under which {@code ./broke --help} lists the verbs, in this order. */
public enum VerbGroup {
  /** Verbs that start a process. */
  RUN("Start something"),
  /** Verbs that ask for an answer or for the reason behind one. */
  USE("Ask and understand"),
  /** Verbs that show the cluster. */
  LOOK("Look at the cluster"),
  /** Verbs that change the running cluster. */
  OPERATE("Operate the cluster"),
  /** Verbs about this installation. */
  ABOUT("This installation");

  private final String title;

  VerbGroup(String title) {
    this.title = title;
  }

  /** Heading for people. */
  public String title() {
    return title;
  }
}
