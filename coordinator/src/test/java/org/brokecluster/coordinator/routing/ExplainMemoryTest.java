package org.brokecluster.coordinator.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokecluster.coordinator.routing.Clusters.at;
import static org.brokecluster.coordinator.routing.Clusters.attempt;
import static org.brokecluster.coordinator.routing.Clusters.facts;
import static org.brokecluster.coordinator.routing.Clusters.submission;

import org.brokecluster.protocol.id.RequestId;
import org.junit.jupiter.api.Test;

class ExplainMemoryTest {
  @Test
  void forgetsTheOldestDecisionsByNumber() {
    var core = demo("broke.router { explain-size = 100, explain-candidates = 1000000 }");

    assertThat(core.explain(RequestId.of("r0"))).isEmpty();
    assertThat(core.explain(RequestId.of("r100"))).isEmpty();
    assertThat(core.explain(RequestId.of("r101"))).isPresent();
    assertThat(core.explain(RequestId.of("r200"))).isPresent();
  }

  @Test
  void forgetsTheOldestDecisionsByTheirCandidates() {
    // Each decision of the demo looks at seven candidates.
    var core = demo("broke.router { explain-size = 1000, explain-candidates = 70 }");

    assertThat(core.explain(RequestId.of("r190"))).isEmpty();
    assertThat(core.explain(RequestId.of("r191"))).isPresent();
  }

  /** A router that has decided requests r0 to r200, each of them over by now. */
  private static RouterCore demo(String settings) {
    var core = Clusters.core(Clusters.settings(settings));
    Clusters.demo().forEach(node -> core.nodeChanged(at(0), node));
    for (int i = 0; i <= 200; i++) {
      core.submit(at(10_000), submission(attempt("r" + i, 1), facts("auto", 0.1)));
      core.withdraw(at(10_000), RequestId.of("r" + i));
    }
    return core;
  }
}
