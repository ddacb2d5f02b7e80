package org.brokecluster.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every fault of an upstream, through a real host with one fallback, with shortened times. */
class SixteenFaultsTest {
  private static final Times SHORTENED = new Times(0.2);

  @TempDir private Path dir;

  @Test
  void everyFaultOfAnUpstreamPasses() {
    var verdicts = FaultSuite.run(Scenarios.all(), SHORTENED, dir);

    var table = String.join("\n", verdicts.stream().map(Verdict::line).toList());
    assertThat(verdicts).as("%n%s%n", table).allMatch(Verdict::passed);
  }
}
