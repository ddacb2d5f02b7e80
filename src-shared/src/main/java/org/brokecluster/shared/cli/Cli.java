package org.brokecluster.shared.cli;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;

/** Puts the verbs of all modules under one root command and runs the one that was called. */
public final class Cli {
  private final List<Verb> verbs;

  /** With these verbs; the order within a group is the order of help. */
  public Cli(List<Verb> verbs) {
    this.verbs = List.copyOf(verbs);
  }

  /** With the verbs of every module on the class path. */
  public static Cli ofInstalledModules() {
    var found = new ArrayList<Verb>(new HostVerbs().verbs());
    ServiceLoader.load(Verbs.class).forEach(module -> found.addAll(module.verbs()));
    return new Cli(found);
  }

  /** Runs the verb and returns the exit code. Messages go to standard output and error. */
  public int run(String... args) {
    return commandLine(args).execute(args);
  }

  /** The command line for these arguments; holds only the called verb where that is clear. */
  CommandLine commandLine(String... args) {
    var root = withHelp(new CommandLine(new BrokeCommand()));
    var called = args.length == 0 ? "" : args[0];
    var single = verbs.stream().filter(verb -> verb.name().equals(called)).findFirst();
    single.map(List::of).orElse(verbs).forEach(verb -> add(root, verb));
    root.setOut(utf8(System.out));
    root.setErr(utf8(System.err));
    root.setParameterExceptionHandler(Cli::explainMisuse);
    root.setExecutionExceptionHandler(Cli::explainFailure);
    root.setExecutionStrategy(
        parsed -> {
          refuseOptionsOfNobody(parsed);
          return new RunLast().execute(parsed);
        });
    root.setCaseInsensitiveEnumValuesAllowed(true);
    root.setUsageHelpAutoWidth(true);
    root.getHelpSectionMap()
        .put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, help -> new VerbList(verbs).render(help));
    return root;
  }

  /** The same letters everywhere, whatever the terminal's language says. */
  private static PrintWriter utf8(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }

  private static void add(CommandLine root, Verb verb) {
    root.addSubcommand(verb.name(), withHelp(new CommandLine(verb.command().get())));
  }

  private static CommandLine withHelp(CommandLine command) {
    command
        .getCommandSpec()
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help and end.")
                .build());
    command.getSubcommands().values().forEach(Cli::withHelp);
    return command;
  }

  /** Only the last verb runs; what was said before its name would be lost on the way to it. */
  private static void refuseOptionsOfNobody(ParseResult parsed) {
    for (var each = parsed; each.hasSubcommand(); each = each.subcommand()) {
      var lost = each.matchedOptions().stream().filter(option -> !option.usageHelp()).findFirst();
      if (lost.isPresent()) {
        var verb = each.subcommand().commandSpec();
        throw new ParameterException(
            verb.commandLine(),
            "%s stands before %s, which does not see it there: options come last"
                .formatted(lost.get().longestName(), verb.name()));
      }
    }
  }

  private static int explainMisuse(ParameterException e, String[] args) {
    var command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("broke: " + e.getMessage());
    UnmatchedArgumentException.printSuggestions(e, err);
    err.println("For help: " + command.getCommandSpec().qualifiedName() + " --help");
    return ExitCode.MISUSE;
  }

  private static int explainFailure(Exception e, CommandLine command, ParseResult result)
      throws Exception {
    if (e instanceof VerbException failure) {
      command.getErr().println("broke: " + failure.getMessage());
      return failure.exitCode();
    }
    throw e;
  }
}
