package org.brokecluster.shared;

import org.brokecluster.shared.cli.Cli;

/** The entry point of every process: {@code java … org.brokecluster.shared.Main VERB …}. */
public final class Main {
  private Main() {}

  /** Runs one verb and ends the JVM with its exit code. */
  public static void main(String[] args) {
    System.exit(Cli.ofInstalledModules().run(args));
  }
}
