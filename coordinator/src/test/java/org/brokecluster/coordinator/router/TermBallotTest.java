package org.brokecluster.coordinator.router;

import static org.assertj.core.api.Assertions.assertThat;

import org.brokecluster.protocol.id.NodeId;
import org.junit.jupiter.api.Test;

class TermBallotTest {
  private static final NodeId A = NodeId.of("a");
  private static final NodeId B = NodeId.of("b");
  private static final NodeId C = NodeId.of("c");

  @Test
  void oneCoordinatorIsItsOwnMajority() {
    var ballot = new TermBallot(1);
    assertThat(ballot.complete()).isFalse();

    ballot.answered(A, 4, true);

    assertThat(ballot.complete()).isTrue();
    assertThat(ballot.majority()).isTrue();
    assertThat(ballot.highest()).isEqualTo(4);
  }

  @Test
  void twoOfThreeAreEnough() {
    var ballot = new TermBallot(3);
    ballot.answered(A, 3, true);
    ballot.answered(A, 3, true);
    assertThat(ballot.complete()).isFalse();

    ballot.answered(C, 7, true);

    assertThat(ballot.complete()).isTrue();
    assertThat(ballot.majority()).isTrue();
    assertThat(ballot.highest()).isEqualTo(7);
  }

  @Test
  void whatIsNotOnDiskIsHeardButDoesNotCount() {
    var ballot = new TermBallot(3);
    ballot.answered(A, 3, true);
    ballot.answered(B, 9, false);
    assertThat(ballot.complete()).isFalse();

    ballot.answered(C, 0, false);

    assertThat(ballot.complete()).isTrue();
    assertThat(ballot.majority()).isFalse();
    assertThat(ballot.highest()).isEqualTo(9);
  }
}
