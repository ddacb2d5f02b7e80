package org.brokecluster.coordinator.routing.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.brokecluster.protocol.router.Profile;
import org.junit.jupiter.api.Test;

class EstimatorsTest {
  private static final PromptText PROMPT = PromptText.ofUser("Who wrote Faust?");

  private record Plugin(String name, boolean works) implements ComplexityEstimator {
    @Override
    public Profile estimate(PromptText text) {
      if (!works) {
        throw new IllegalStateException(text.lastOfUser());
      }
      return new Profile(0.5, 0.5, 1, Map.of(), 0, 0, 10, name, "");
    }
  }

  @Test
  void knowsWhatIsShippedByName() {
    var shipped = Estimators.of(List.of());

    assertThat(shipped.names()).containsExactly("phrases", "trained");
    assertThat(shipped.find("trained").orElseThrow().estimate(PROMPT).basis()).isEqualTo("trained");
    assertThat(shipped.find("phrases").orElseThrow().estimate(PROMPT).basis()).isEqualTo("phrases");
    assertThat(shipped.find("other")).isEmpty();
  }

  @Test
  void takesThatOfAPlugIn() {
    var all = Estimators.of(List.of(new Plugin("embedding", true)));

    assertThat(all.find("embedding").orElseThrow().estimate(PROMPT).basis()).isEqualTo("embedding");
  }

  @Test
  void estimatesAsShippedWhereAPlugInFails() {
    var all = Estimators.of(List.of(new Plugin("embedding", false)));

    assertThat(all.find("embedding").orElseThrow().estimate(PROMPT))
        .isEqualTo(Estimators.bundled().estimate(PROMPT));
  }
}
