package org.brokecluster.coordinator.cli.ask;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.brokecluster.coordinator.cli.client.FakeEdge;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RateCommandTest {
  @TempDir private Path folder;
  private final FakeEdge edge = new FakeEdge();

  @AfterEach
  void close() {
    edge.close();
  }

  @Test
  void ratesWithAReason() throws Exception {
    edge.says("/api/feedback", "{\"request\":\"r-1\",\"rating\":5,\"noted\":true}");
    var tests = folder.resolve("t.py");
    Files.writeString(tests, "assert f()");

    assertThat(edge.run(new RateCommand(), "r-1", "up", "--reason", "short")).isZero();
    assertThat(edge.run(new RateCommand(), "r-1", "--tests", tests.toString())).isZero();
    assertThat(edge.run(new RateCommand(), "r-1", "4")).isZero();
    assertThat(edge.run(new RateCommand(), "r-1", "6")).isEqualTo(2);
    assertThat(edge.run(new RateCommand(), "r-1")).isEqualTo(2);

    assertThat(edge.asked)
        .containsExactly(
            "POST /api/feedback {\"request\":\"r-1\",\"rating\":\"up\",\"reason\":\"short\"}",
            "POST /api/feedback {\"request\":\"r-1\",\"tests\":\"assert f()\"}",
            "POST /api/feedback {\"request\":\"r-1\",\"rating\":4}");
    assertThat(edge.out()).contains("rated: 5 of 5; noted");
  }
}
