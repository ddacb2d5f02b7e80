package org.brokecluster.shared.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.state.RouterStatus;
import org.junit.jupiter.api.Test;

class GossipKeysTest {
  @Test
  void keepsTheEntriesOfIncarnationsApart() {
    assertThat(GossipKeys.facts(1)).isNotEqualTo(GossipKeys.facts(2));
    assertThat(GossipKeys.facts(1).id()).isEqualTo("facts-1");
    assertThat(GossipKeys.load(-7).id()).isEqualTo("load--7");
  }

  @Test
  void ordersStatusesByTermThenSequence() {
    long older = clock(3, 4_000_000_000L);
    long newer = clock(4, 1);

    assertThat(newer).isGreaterThan(older);
    assertThat(clock(4, 2)).isGreaterThan(newer);
  }

  @Test
  void letsEachWriteOfASingleWriterBeatTheOneBefore() {
    assertThat(GossipKeys.writes().apply(41, "anything")).isEqualTo(42);
  }

  private static long clock(long term, long sequence) {
    var status =
        new RouterStatus(
            1,
            term,
            sequence,
            NodeId.of("studio"),
            "balanced",
            List.of(),
            Map.of(),
            Map.of(),
            "ok",
            0,
            0);
    return GossipKeys.routerOrder().apply(Long.MAX_VALUE, status);
  }
}
