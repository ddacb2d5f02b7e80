package org.brokecluster.shared.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class CliTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<String> made = new ArrayList<>();

  @Command(name = "works", description = "Works at once.")
  private static final class Works implements Callable<Integer> {
    @Override
    public Integer call() {
      return ExitCode.OK;
    }
  }

  @Command(name = "fails")
  private static final class Fails implements Callable<Integer> {
    @Override
    public Integer call() {
      throw VerbException.failed("it is raining, take an umbrella");
    }
  }

  @Command(name = "parent", subcommands = Child.class)
  private static final class Parent implements Callable<Integer> {
    @Option(names = "--url")
    private String url = "";

    @Override
    public Integer call() {
      return url.isEmpty() ? ExitCode.FAILED : ExitCode.OK;
    }
  }

  @Command(name = "child")
  private static final class Child implements Callable<Integer> {
    @Override
    public Integer call() {
      return ExitCode.OK;
    }
  }

  private final Cli cli =
      new Cli(
          List.of(
              new Verb("works", VerbGroup.RUN, () -> make("works", new Works())),
              new Verb("fails", VerbGroup.USE, () -> make("fails", new Fails())),
              new Verb("parent", VerbGroup.USE, () -> make("parent", new Parent()))));

  @Test
  void showsEveryVerbUnderItsGroup() {
    assertThat(run()).isEqualTo(ExitCode.OK);

    assertThat(out.toString())
        .containsSubsequence("Start something:", "works", "Works at once.", "Ask and understand:");
  }

  @Test
  void makesOnlyTheVerbThatIsCalled() {
    assertThat(run("works")).isEqualTo(ExitCode.OK);

    assertThat(made).containsExactly("works");
  }

  @Test
  void hintsAtTheVerbThatWasMeant() {
    assertThat(run("work")).isEqualTo(ExitCode.MISUSE);

    assertThat(err.toString()).contains("work").contains("Did you mean").contains("works");
  }

  @Test
  void hintsAtTheHelpOfTheVerbThatWasMisused() {
    assertThat(run("works", "--fast")).isEqualTo(ExitCode.MISUSE);

    assertThat(err.toString()).contains("--fast").contains("./broke works --help");
  }

  @Test
  void endsWithTheMessageOfAFailure() {
    assertThat(run("fails")).isEqualTo(ExitCode.FAILED);

    assertThat(err.toString().strip()).isEqualTo("broke: it is raining, take an umbrella");
  }

  @Test
  void refusesAnOptionThatTheVerbBehindItWouldNotSee() {
    assertThat(run("parent", "--url", "elsewhere", "child")).isEqualTo(ExitCode.MISUSE);
    assertThat(err.toString())
        .contains("--url stands before child")
        .contains("./broke parent child --help");

    assertThat(run("parent", "child")).isEqualTo(ExitCode.OK);
    assertThat(run("parent", "--url", "elsewhere")).isEqualTo(ExitCode.OK);
  }

  private int run(String... args) {
    return cli.commandLine(args)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }

  private Callable<Integer> make(String name, Callable<Integer> command) {
    made.add(name);
    return command;
  }
}
