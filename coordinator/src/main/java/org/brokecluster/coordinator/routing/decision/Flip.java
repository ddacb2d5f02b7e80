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
    /** Scores nearer than this are the same to a reader. */
    private static final double EVEN = 0.0005;

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
      return score < EVEN
          ? "if %s on %s came first in the order of names: both score the same"
              .formatted(model, node)
          : String.format(
              Locale.ROOT,
              "if %s on %s were better in %s: it lacks %.3f of the score",
              model,
              node,
              term,
              score);
    }
  }
}
