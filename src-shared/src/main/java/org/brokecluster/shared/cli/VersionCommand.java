package org.brokecluster.shared.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.brokecluster.shared.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./broke version}: which build, on which Java and system. */
@Command(name = "version", description = "Show the version of this program and of its Java.")
final class VersionCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    var java = System.getProperty("java.version");
    var os = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    out.printf(
        json
            ? "{\"version\": \"%s\", \"java\": \"%s\", \"system\": \"%s\"}%n"
            : "BROKE Cluster %s (Java %s, %s)%n",
        Version.current(),
        java,
        os);
    return ExitCode.OK;
  }
}
