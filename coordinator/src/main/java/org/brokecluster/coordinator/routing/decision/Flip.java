package org.brokecluster.coordinator.routing.decision;

import java.util.Locale;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;

/** The smallest simple change that would have made the runner-up win. */
sealed interface Flip {
  /** The change in words. */
  String inWords();

  /** Less work on the runner-up's node. */
  record FewerAttempts(NodeId node, ModelId model, int count) implements Flip {
    @Override
    public String inWords() {
      return "if %s had %d fewer %s of %s"
          .formatted(node, count, count == 1 ? "request" : "requests", model);
    }
  }

  /** The runner-up's model in memory. */
  record Loaded(NodeId node, ModelId model) implements Flip {
    @Override
    public String inWords() {
      return "if %s were loaded on %s".formatted(model, node);
    }
  }

  /** Other weights, the same candidates. */
  record OtherStrategy(String name) implements Flip {
    @Override
    public String inWords() {
      return "with the strategy " + name;
    }
  }

  /**
   * Nothing as simple as that: how much is missing, and where most of it was lost.
   *
   * @param term the term in which the runner-up is furthest behind
   */
  record Margin(NodeId node, ModelId model, double score, String term) implements Flip {
    static Margin between(Candidate winner, Candidate loser) {
      double quality = winner.quality() - loser.quality();
      double speed = winner.speed() - loser.speed();
      double cost = winner.cost() - loser.cost();
      double load = winner.load() - loser.load();
      double most = Math.max(Math.max(quality, speed), Math.max(cost, load));
      var term =
          most <= 0
              ? "nothing but the order of names"
              : most == quality
                  ? "quality"
                  : most == speed ? "speed" : most == cost ? "cost" : "load";
      return new Margin(loser.node(), loser.model(), winner.score() - loser.score(), term);
    }

    @Override
    public String inWords() {
      return String.format(
          Locale.ROOT,
          "if %s on %s scored %.3f more; it is furthest behind in %s",
          model,
          node,
          Math.max(0.001, score),
          term);
    }
  }
}
