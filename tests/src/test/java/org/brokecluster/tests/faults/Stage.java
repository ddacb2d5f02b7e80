package org.brokecluster.tests.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.brokecluster.tests.harness.Await;
import org.brokecluster.tests.harness.BrokeClient;

/**
 * One scenario under way: calls its model, with the spare one as fallback, and collects what was
 * not as it must be.
 */
final class Stage {
  private final BrokeClient edge;
  private final FaultServer server;
  private final String main;
  private final String spare;
  private final boolean stream;
  private final Times times;
  private final long startNanos = System.nanoTime();
  private final List<String> complaints = new ArrayList<>();
  private final List<String> story = new ArrayList<>();
  private boolean unsafe;

  Stage(
      BrokeClient edge,
      FaultServer server,
      String main,
      String spare,
      boolean stream,
      Times times) {
    this.edge = edge;
    this.server = server;
    this.main = main;
    this.spare = spare;
    this.stream = stream;
    this.times = times;
  }

  /** Calls the model and waits for the end. */
  Heard call() {
    var heard = Heard.call(edge, main, spare, stream, System::nanoTime);
    story.add(heard.brief());
    unsafe |= !heard.complete() && !heard.cleanError();
    return heard;
  }

  /** Calls the model; the answer must be whole. */
  Heard answered() {
    var heard = call();
    require(heard.complete(), "the answer is not whole: " + heard.brief());
    return heard;
  }

  /** The same, and in time. */
  Heard answeredWithin(double seconds) {
    var heard = answered();
    require(
        heard.took().compareTo(times.atMost(seconds)) <= 0,
        "it took longer than %.0f s".formatted(seconds));
    return heard;
  }

  /** The answer must come from the model that was asked for. */
  void byMain(Heard heard) {
    require(heard.model().equals(main), "the model field names " + heard.model());
  }

  /** The answer must come from the spare model, and say so. */
  void bySpare(Heard heard) {
    require(heard.model().equals(spare), "the model field names " + heard.model());
  }

  /** The caller must get this error, and no model but the first may have been asked, once. */
  void passedOn(Heard heard, String code) {
    require(heard.cleanError() && heard.error().equals(code), "not the error: " + heard.brief());
    require(stream || heard.status() == 400, "status " + heard.status());
    require(mainCalls().size() == 1, mainCalls().size() + " tries");
    require(spareCalls().isEmpty(), "the fallback was asked");
  }

  /** At most so many tries of the model in so many seconds since its first one. */
  void triesWithin(double seconds, int most) {
    var calls = mainCalls();
    double limit = times.of(seconds).toMillis() / 1000.0;
    long tries =
        calls.stream().filter(call -> call.secondsSince(calls.get(0).atNanos()) <= limit).count();
    require(tries <= most, "%d tries in %.1f s".formatted(tries, seconds));
  }

  /** At most so many tries of the model in all. */
  void tries(int most) {
    require(mainCalls().size() <= most, mainCalls().size() + " tries");
  }

  /** Notes a complaint if something is not as it must be. */
  void require(boolean met, String complaint) {
    if (!met) {
      complaints.add(complaint);
    }
  }

  /** Calls of the model so far. */
  List<FaultServer.Call> mainCalls() {
    return server.calls(main);
  }

  /** Calls of the spare model so far. */
  List<FaultServer.Call> spareCalls() {
    return server.calls(spare);
  }

  String main() {
    return main;
  }

  String spare() {
    return spare;
  }

  Times times() {
    return times;
  }

  /** The edge, for what else it knows. */
  BrokeClient edge() {
    return edge;
  }

  /** Time since the scenario began. */
  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  /** Waits until so long after the beginning. */
  void until(Duration since) {
    var left = since.minus(elapsed());
    if (!left.isNegative()) {
      Await.pause(left);
    }
  }

  /** What became of it. */
  Verdict verdict(String id) {
    var outcome = complaints.isEmpty() ? Verdict.PASS : unsafe ? Verdict.FAIL : Verdict.SAFE;
    var tries = "%d + %d tries".formatted(mainCalls().size(), spareCalls().size());
    var last = story.isEmpty() ? "" : story.get(story.size() - 1);
    return new Verdict(
        id, stream, outcome, elapsed(), tries + "; " + last, String.join("; ", complaints));
  }
}
