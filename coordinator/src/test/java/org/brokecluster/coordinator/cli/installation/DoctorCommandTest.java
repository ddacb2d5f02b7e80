package org.brokecluster.coordinator.cli.installation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.brokecluster.coordinator.cli.client.FakeEdge;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.shared.doctor.Finding;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
  @TempDir private Path folder;
  private final FakeEdge edge = new FakeEdge();

  @AfterEach
  void close() {
    edge.close();
  }

  @Test
  void isContentWithAClusterThatAnswers() {
    edge.says("/health", "{}").says("/ready", "{}").says("/api/nodes", "[{\"state\": \"up\"}]");
    edge.says("/api/cluster/status", "{}");

    assertThat(edge.run(new DoctorCommand())).isZero();

    assertThat(edge.out()).contains("a model can answer").contains("1 up");
  }

  @Test
  void failsWhereNothingCanAnswer() {
    edge.says("/health", "{}").says("/api/nodes", "[]").says("/api/cluster/status", "{}");

    assertThat(edge.run(new DoctorCommand())).isEqualTo(1);

    assertThat(edge.out()).contains("no model can answer yet").contains("./broke node --join HOST");
  }

  @Test
  void namesMachinesInTrouble() throws JsonProcessingException {
    var nodes =
        Json.parse(
            "[{\"name\": \"a\", \"state\": \"up\"}, {\"name\": \"b\", \"state\": \"unreachable\"}]");

    assertThat(DoctorCommand.machines(nodes).detail()).isEqualTo("b is unreachable");
  }

  @Test
  void saysWhatBringsEachMachineBack() throws JsonProcessingException {
    var nodes =
        Json.parse(
            """
            [{"name": "a", "state": "draining"},
             {"name": "b", "state": "draining", "away": "these are its owner's hours"},
             {"name": "c", "state": "unreachable"}]
            """);

    var finding = DoctorCommand.machines(nodes);

    assertThat(finding.detail()).contains("b is draining (these are its owner's hours)");
    assertThat(finding.next())
        .isEqualTo("./broke resume a gives it work again; wake or restart it; it joins by itself");
  }

  @Test
  void looksWhetherTheDataFolderCanBeMade() throws IOException {
    assertThat(InstallationChecks.dataFolder(folder.resolve("not/yet")).verdict())
        .isNotEqualTo(Finding.Verdict.BAD);
    var file = Files.createFile(folder.resolve("file"));
    assertThat(InstallationChecks.dataFolder(file.resolve("below")).verdict())
        .isEqualTo(Finding.Verdict.BAD);
  }

  @Test
  void saysWhatToDoNext() {
    var text = DoctorCommand.render(List.of(Finding.bad("java", "Java 11", "install a JDK")));

    assertThat(text.lines())
        .containsExactly(
            "CHECK       FOUND", "java   BAD  Java 11", "            -> install a JDK");
  }

  @Test
  void tellsWhoHoldsAPort() {
    var lsof =
        """
        COMMAND   PID USER   FD   TYPE             DEVICE SIZE/OFF NODE NAME
        ollama  52112 anna    3u  IPv4 0x8d0a2c1f5b6d9e11      0t0  TCP 127.0.0.1:8000 (LISTEN)
        """;

    assertThat(PortHolder.parse(lsof)).contains("ollama (process 52112)");
    assertThat(PortHolder.parse("COMMAND PID\n")).isEmpty();
  }

  @Test
  void aTakenPortKeepsAHostFromStarting() throws IOException {
    try (var taken = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      var config =
          ConfigFactory.parseString("broke.http.port = " + taken.getLocalPort())
              .withFallback(ConfigFactory.load());

      var findings =
          InstallationChecks.ports(
              config,
              command -> Optional.of("java 77 me 1u IPv4 0x1 0t0 TCP 127.0.0.1:1 (LISTEN)"));

      assertThat(findings.get(0).verdict()).isEqualTo(Finding.Verdict.BAD);
      assertThat(findings.get(0).detail())
          .isEqualTo(taken.getLocalPort() + " is taken by java (process 77)");
      assertThat(findings.get(0).next()).contains("--port");
    }
  }

  @Test
  void comparesClocksWithTheMiddleBetweenQuestionAndAnswer() {
    var asked = Instant.parse("2026-09-01T12:00:00Z");
    var answered = asked.plusSeconds(4);

    assertThat(ClockSkew.between(asked, answered, "Tue, 01 Sep 2026 12:00:12 GMT"))
        .contains(Duration.ofSeconds(10));
    assertThat(ClockSkew.between(asked, answered, "soon")).isEmpty();
  }

  @Test
  void namesMachinesWhoseClocksAreWrong() {
    var near = new ClockSkew.Skew("a", Duration.ofSeconds(1));
    var behind = new ClockSkew.Skew("b", Duration.ofSeconds(-10));
    var far = new ClockSkew.Skew("c", Duration.ofMinutes(5));

    assertThat(ClockSkew.finding(List.of())).isEmpty();
    assertThat(ClockSkew.finding(List.of(near)).orElseThrow().verdict())
        .isEqualTo(Finding.Verdict.OK);
    var note = ClockSkew.finding(List.of(near, behind)).orElseThrow();
    assertThat(note.verdict()).isEqualTo(Finding.Verdict.NOTE);
    assertThat(note.detail()).isEqualTo("b is 10.0 s behind");
    assertThat(ClockSkew.finding(List.of(behind, far)).orElseThrow().verdict())
        .isEqualTo(Finding.Verdict.BAD);
  }

  @Test
  void readsTheClockOfEveryMachineThatAnswers() throws JsonProcessingException {
    edge.says("/health", "{}");
    var nodes =
        Json.parse(
            "[{\"name\": \"a\", \"state\": \"up\", \"http\": \"%s\"}, {\"name\": \"b\", \"state\": \"up\"}]"
                .formatted(edge.url()));

    var skews = ClockSkew.measure(nodes);

    assertThat(skews)
        .singleElement()
        .satisfies(
            s -> assertThat(s.by()).isBetween(Duration.ofSeconds(-60), Duration.ofSeconds(60)));
  }
}
