package org.brokecluster.coordinator.routing.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.brokecluster.coordinator.history.SampleEvents;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.Tier;
import org.junit.jupiter.api.Test;

class StrategiesTest {
  private static final Contender CONTENDER = new Given(0.7, 0.4);

  private record Given(double quality, double speed) implements Contender {
    @Override
    public ModelId model() {
      return ModelId.of("model");
    }

    @Override
    public NodeId node() {
      return NodeId.of("node");
    }

    @Override
    public Tier tier() {
      return Tier.BASIC;
    }

    @Override
    public double cost() {
      return 0.5;
    }

    @Override
    public double load() {
      return 1;
    }

    @Override
    public double firstTokenMs() {
      return 10;
    }

    @Override
    public double finishMs() {
      return 100;
    }

    @Override
    public boolean free() {
      return true;
    }

    @Override
    public int place() {
      return 0;
    }
  }

  private interface Scoring {
    double score(Contender contender);
  }

  private static Strategy plugin(String name, Scoring scoring) {
    return new Strategy() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public double score(Contender contender, Contest contest) {
        return scoring.score(contender);
      }
    };
  }

  private static double score(Strategies strategies, String name) {
    return strategies.find(name).orElseThrow().score(CONTENDER, contest());
  }

  private static Contest contest() {
    return new Contest(SampleEvents.facts(100), Tier.BASIC, Tier.BASIC, 1, 0);
  }

  @Test
  void takesAPlugInsScoreAsItIs() {
    var strategies = Strategies.of(Map.of(), List.of(plugin("mine", Contender::speed)));

    assertThat(strategies.names()).contains("mine", "balanced");
    assertThat(score(strategies, "mine")).isEqualTo(0.4);
  }

  @Test
  void scoresAsBalancedWhereAPlugInFails() {
    var strategies =
        Strategies.of(
            Map.of(),
            List.of(
                plugin("throws", contender -> List.of(contender).indexOf(null)),
                plugin("no-number", contender -> Double.NaN),
                plugin(
                    "unlinked",
                    contender -> {
                      throw new NoClassDefFoundError("left out of the jar");
                    })));
    double balanced = score(strategies, "balanced");

    assertThat(score(strategies, "throws")).isEqualTo(balanced);
    assertThat(score(strategies, "no-number")).isEqualTo(balanced);
    assertThat(score(strategies, "unlinked")).isEqualTo(balanced);
  }

  @Test
  void waitsAsBalancedWhereAPlugInDoesNotSay() {
    var silent =
        new Strategy() {
          @Override
          public String name() {
            return "silent";
          }

          @Override
          public double score(Contender contender, Contest contest) {
            return 1;
          }

          @Override
          public boolean waitsForBetter() {
            throw new IllegalStateException("undecided");
          }
        };

    var strategies = Strategies.of(Map.of(), List.of(silent));

    assertThat(strategies.find("silent").orElseThrow().waitsForBetter())
        .isEqualTo(strategies.find("balanced").orElseThrow().waitsForBetter());
  }

  @Test
  void letsAPlugInReplaceWhatIsBuiltInAndAMixThePlugIn() {
    var plugins = List.of(plugin("balanced", Contender::speed));
    var fast = new Weights(0, 1, 0, 0);

    assertThat(score(Strategies.of(Map.of(), plugins), "balanced")).isEqualTo(0.4);
    assertThat(score(Strategies.of(Map.of("balanced", fast), plugins), "balanced"))
        .isEqualTo(new WeightedStrategy("fast", fast).score(CONTENDER, contest()));
  }
}
