package org.brokecluster.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.brokecluster.shared.cli.ExitCode;
import org.brokecluster.shared.cli.VerbException;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class SimulateCommandTest {
  private final StringWriter out = new StringWriter();

  @Test
  void tellsWhatWasTried() {
    int code = run("--seeds", "5");

    assertThat(code).isEqualTo(ExitCode.OK);
    assertThat(out.toString())
        .contains("5 runs:")
        .contains("nothing that must hold was broken")
        .contains("every request ends exactly once");
  }

  @Test
  void tellsOneRunStepByStep() {
    int code = run("--seed", "3", "--show", "Submit r1/1");

    assertThat(code).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("seed 3: ").contains("Submit r1/1");
  }

  @Test
  void namesTheSeedThatBreaksSomething() throws Exception {
    int code = run("--seeds", "40", "--without", "retry", "--json");

    var broken = new JsonMapper().readTree(out.toString()).path("broken");
    assertThat(code).isEqualTo(ExitCode.FAILED);
    assertThat(broken).isNotEmpty();
    assertThat(broken.get(0).path("seed").asLong()).isPositive();
    assertThat(broken.get(0).path("step").asLong()).isPositive();
    assertThat(broken.get(0).path("before")).isNotEmpty();
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    run("--without", "luck");

    assertThat(out.toString()).contains("--without knows").contains("rescue");
  }

  private int run(String... args) {
    var line = new CommandLine(new SimulateCommand());
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(out, true));
    line.setExecutionExceptionHandler(
        (failure, command, result) -> {
          command.getErr().println(failure.getMessage());
          return failure instanceof VerbException verb ? verb.exitCode() : -1;
        });
    return line.execute(args);
  }
}
