package org.brokecluster.shared.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class JoinRuleTest {
  @Test
  void refusesToJoinAnotherMachineFromLoopback() {
    assertThat(JoinRule.refusal("127.0.0.1", List.of("127.0.0.1:1", "203.0.113.7:25520")))
        .hasValueSatisfying(
            text ->
                assertThat(text)
                    .contains("cannot join 203.0.113.7 as 127.0.0.1")
                    .contains("--bind ")
                    .contains("--insecure-lan")
                    .contains("API key"));
  }

  @Test
  void letsMachinesJoinThatCanCallEachOther() {
    assertThat(JoinRule.refusal("127.0.0.1", List.of("127.0.0.1:25520", "localhost:1"))).isEmpty();
    assertThat(JoinRule.refusal("203.0.113.8", List.of("203.0.113.7:25520"))).isEmpty();
    assertThat(JoinRule.refusal("127.0.0.1", List.of())).isEmpty();
  }
}
