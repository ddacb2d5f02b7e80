package org.brokecluster.shared.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.brokecluster.shared.host.HostOptions;
import org.brokecluster.shared.host.HostVerb;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class HostFlagsTest {
  @Command
  private static final class AnyVerb {
    @Mixin private final HostFlags flags = new HostFlags();
  }

  @Test
  void saysNothingThatTheUserDidNotSay() {
    assertThat(options().commandLine().isEmpty()).isTrue();
  }

  @Test
  void turnsOptionsIntoKeys() {
    var config =
        options("--name", "studio", "--port", "9000", "--join", "a", "--join", "b:1").commandLine();

    assertThat(config.getString("broke.name")).isEqualTo("studio");
    assertThat(config.getInt("broke.http.port")).isEqualTo(9000);
    assertThat(config.getStringList("broke.cluster.join")).containsExactly("a", "b:1");
  }

  @Test
  void bindsBothServersToTheSameAddress() {
    var config = options("--bind", "10.0.0.3").commandLine();

    assertThat(config.getString("broke.http.bind")).isEqualTo("10.0.0.3");
    assertThat(config.getString("broke.cluster.bind")).isEqualTo("10.0.0.3");
  }

  @Test
  void keepsOneRuntimeForEachOption() {
    var config =
        options(
                "--runtime",
                "openai=http://127.0.0.1:8080,slots=2",
                "--runtime",
                "openai=http://127.0.0.1:11434")
            .commandLine();

    assertThat(config.getStringList("broke.node.runtimes"))
        .containsExactly("openai=http://127.0.0.1:8080,slots=2", "openai=http://127.0.0.1:11434");
  }

  @Test
  void takesAnyKeyWithWhateverItsValueContains() {
    var config =
        options("-D", "broke.a=x: y # z", "-D", "broke.list=[1, 2]", "-Dbroke.n=5").commandLine();

    assertThat(config.getString("broke.a")).isEqualTo("x: y # z");
    assertThat(config.getIntList("broke.list")).containsExactly(1, 2);
    assertThat(config.getInt("broke.n")).isEqualTo(5);
  }

  @Test
  void refusesAKeyThatCannotBeOne() {
    assertThatThrownBy(() -> options("-D", "broke..x=1"))
        .isInstanceOf(VerbException.class)
        .hasMessageContaining("cannot read -D broke..x=1");
  }

  private static HostOptions options(String... args) {
    var verb = new AnyVerb();
    new CommandLine(verb).parseArgs(args);
    return verb.flags.options(HostVerb.UP);
  }
}
