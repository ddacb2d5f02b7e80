package org.brokecluster.tests.faults;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Plays the scenarios against one host, all at the same time: each has models of its own, so none
 * touches another's breakers. Each is played twice, for a stream and for an answer in one piece.
 */
final class FaultSuite {
  private FaultSuite() {}

  private record Play(Scenario scenario, boolean stream) {
    String model(String role) {
      var id = scenario.id().replace("+", "x").toLowerCase(Locale.ROOT);
      return "%s-%s-%s-0.1b-4bit".formatted(id, stream ? "stream" : "whole", role);
    }
  }

  /** Plays them and answers what became of each, in their order. */
  static List<Verdict> run(List<Scenario> scenarios, Times times, Path dir) {
    var plays = new ArrayList<Play>();
    var models = new ArrayList<FaultServer.Model>();
    for (var scenario : scenarios) {
      for (boolean stream : List.of(true, false)) {
        var play = new Play(scenario, stream);
        plays.add(play);
        models.add(
            new FaultServer.Model(
                play.model("main"), Scenario.CONTEXT, scenario.main().apply(times)));
        models.add(
            new FaultServer.Model(play.model("spare"), scenario.spareContext(), scenario.spare()));
      }
    }
    var threads = Executors.newFixedThreadPool(plays.size());
    try (var server = FaultServer.start(models);
        var host = FaultHost.start(dir, server, times.settings(), models.size())) {
      return plays.stream().map(play -> start(play, server, host, times, threads)).toList().stream()
          .map(CompletableFuture::join)
          .toList();
    } finally {
      threads.shutdownNow();
    }
  }

  private static CompletableFuture<Verdict> start(
      Play play, FaultServer server, FaultHost host, Times times, ExecutorService threads) {
    return CompletableFuture.supplyAsync(
        () -> {
          var stage =
              new Stage(
                  host.edge(),
                  server,
                  play.model("main"),
                  play.model("spare"),
                  play.stream(),
                  times);
          play.scenario().trial().accept(stage);
          return stage.verdict(play.scenario().id());
        },
        threads);
  }
}
