package org.brokecluster.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    assertThat(edge.run(new DoctorCommand())).isZero();

    assertThat(edge.out()).contains("a model can answer").contains("1 up");
  }

  @Test
  void failsWhereNothingCanAnswer() {
    edge.says("/health", "{}").says("/api/nodes", "[]");

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
  void looksWhetherTheDataFolderCanBeMade() throws IOException {
    assertThat(DoctorCommand.dataFolder(folder.resolve("not/yet")).verdict())
        .isNotEqualTo(Finding.Verdict.BAD);
    var file = Files.createFile(folder.resolve("file"));
    assertThat(DoctorCommand.dataFolder(file.resolve("below")).verdict())
        .isEqualTo(Finding.Verdict.BAD);
  }

  @Test
  void saysWhatToDoNext() {
    var text = DoctorCommand.render(List.of(Finding.bad("java", "Java 11", "install a JDK")));

    assertThat(text).contains("java   BAD  Java 11  install a JDK");
  }
}
