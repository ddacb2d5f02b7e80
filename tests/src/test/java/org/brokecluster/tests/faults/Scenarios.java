package org.brokecluster.tests.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Duration;
import java.util.List;
import org.brokecluster.tests.harness.Await;
import org.brokecluster.tests.harness.BrokeClient;

/**
 * Sixteen faults of an upstream with one fallback, and what a caller must see of each. The fallback
 * answers as it should wherever nothing else is said.
 */
final class Scenarios {
  private static final String TOO_LONG =
      "This model's maximum context length is 4096 tokens; the messages have 5000.";

  private Scenarios() {}

  /** All of them, in their order. */
  static List<Scenario> all() {
    return List.of(
        s01(),
        s02(),
        s03(),
        s04(),
        s05(),
        s06(),
        s07(),
        s08(),
        s09(),
        s10(),
        s11(),
        s12(),
        s12WithLarger(),
        s13(),
        s14(),
        s15(),
        s16());
  }

  private static Scenario s01() {
    return Scenario.of(
        "S01",
        "429 with Retry-After once",
        times ->
            Conduct.once(
                (call, reply) ->
                    reply.refuse(429, "busy", "slow down", "Retry-After: " + times.retryAfter(2))),
        stage -> {
          stage.answeredWithin(15);
          stage.triesWithin(1.5, 2);
          stage.triesWithin(1.8, 1);
        });
  }

  private static Scenario s02() {
    return Scenario.of(
        "S02",
        "429 for ever",
        times -> (call, reply) -> reply.refuse(429, "busy", "slow down"),
        stage -> {
          stage.bySpare(stage.answeredWithin(30));
          stage.triesWithin(3, 4);
          stage.tries(6);
        });
  }

  private static Scenario s03() {
    return Scenario.of(
        "S03",
        "500 once",
        times -> Conduct.once((call, reply) -> reply.refuse(500, "internal", "it broke")),
        stage -> {
          stage.byMain(stage.answeredWithin(15));
          stage.tries(2);
        });
  }

  private static Scenario s04() {
    return Scenario.of(
        "S04",
        "503 for ever",
        times -> (call, reply) -> reply.refuse(503, "down", "out of order"),
        stage -> {
          stage.bySpare(stage.answeredWithin(30));
          stage.tries(6);
        });
  }

  private static Scenario s05() {
    return Scenario.of(
        "S05",
        "reset before any byte, once",
        times -> Conduct.once((call, reply) -> reply.reset()),
        stage -> {
          stage.byMain(stage.answeredWithin(15));
          stage.tries(2);
        });
  }

  private static Scenario s06() {
    return Scenario.of(
        "S06",
        "silent before any byte",
        times -> (call, reply) -> reply.silent(times.of(120)),
        stage -> {
          stage.bySpare(stage.answeredWithin(60));
          stage.tries(1);
        });
  }

  private static Scenario s07() {
    return Scenario.of(
        "S07",
        "headers at once, first token late",
        times ->
            (call, reply) -> {
              reply.head();
              return !reply.silent(times.of(20)) ? reply.cut() : reply.whole();
            },
        stage -> stage.bySpare(stage.answeredWithin(15)));
  }

  private static Scenario s08() {
    return Scenario.of(
        "S08",
        "cut after 40 of 60 tokens",
        times -> Scenarios::cutAfterForty,
        stage -> stage.answeredWithin(30));
  }

  private static boolean cutAfterForty(FaultServer.Call call, FaultReply reply)
      throws java.io.IOException {
    reply.head();
    reply.tokens(40);
    return reply.cut();
  }

  private static Scenario s09() {
    return Scenario.of(
        "S09",
        "silent after 20 tokens",
        times ->
            Conduct.once(
                (call, reply) -> {
                  reply.head();
                  reply.tokens(20);
                  reply.silent(times.of(30));
                  return reply.cut();
                }),
        stage -> {
          stage.answeredWithin(45);
          stage.answeredWithin(15);
        });
  }

  private static Scenario s10() {
    return Scenario.of(
        "S10",
        "one event is broken JSON",
        times ->
            (call, reply) -> {
              reply.head();
              reply.tokens(20);
              reply.brokenEvent();
              reply.tokens(60);
              reply.finish();
              reply.usage();
              return reply.done();
            },
        stage -> {
          var heard = stage.answeredWithin(15);
          stage.require(!heard.raw().contains("BROKEN"), "the broken event leaked");
          stage.answeredWithin(15);
        });
  }

  private static Scenario s11() {
    return Scenario.of(
        "S11",
        "no [DONE]",
        times ->
            (call, reply) -> {
              reply.head();
              reply.tokens(60);
              reply.finish();
              reply.silent(times.of(60));
              return reply.cut();
            },
        stage -> {
          var heard = stage.answeredWithin(8);
          stage.byMain(heard);
          stage.require(heard.tokens() > 0, "no usage");
        });
  }

  private static Scenario s12() {
    return Scenario.of(
        "S12",
        "context too long, no larger one",
        times -> (call, reply) -> reply.refuse(400, "context_length_exceeded", TOO_LONG),
        stage -> {
          var heard = stage.call();
          stage.passedOn(heard, "context_length_exceeded");
          stage.require(heard.message().contains(TOO_LONG), "the reason is lost");
        });
  }

  private static Scenario s12WithLarger() {
    return new Scenario(
        "S12+",
        "context too long, the fallback's is larger",
        8 * Scenario.CONTEXT,
        times -> (call, reply) -> reply.refuse(400, "context_length_exceeded", TOO_LONG),
        Conduct.GOOD,
        stage -> {
          stage.bySpare(stage.answeredWithin(15));
          stage.tries(1);
        });
  }

  private static Scenario s13() {
    var why = "Your request was declined by the content policy.";
    return Scenario.of(
        "S13",
        "content policy",
        times -> (call, reply) -> reply.refuse(400, "content_policy_violation", why),
        stage -> {
          var heard = stage.call();
          stage.passedOn(heard, "content_policy_violation");
          stage.require(heard.message().contains(why), "the reason is lost");
        });
  }

  private static Scenario s14() {
    return Scenario.of(
            "S14",
            "cut, and the fallback takes no prefill",
            times -> Scenarios::cutAfterForty,
            stage -> stage.answeredWithin(30))
        .spare(
            Scenario.CONTEXT,
            (call, reply) ->
                Story.endsWithAssistant(call.body())
                    ? reply.refuse(400, "invalid_messages", "the last message must be the user's")
                    : reply.whole());
  }

  private static Scenario s15() {
    var down = 60.0;
    return Scenario.of(
        "S15",
        "503 for a minute, then healthy",
        times -> new Outage(times.of(down)),
        stage -> outage(stage, stage.times().of(down), stage.times().of(4)));
  }

  /** Healthy again a while after its first call. */
  private static final class Outage implements Conduct {
    private final Duration length;
    private long began;

    Outage(Duration length) {
      this.length = length;
    }

    @Override
    public synchronized boolean answer(FaultServer.Call call, FaultReply reply)
        throws java.io.IOException {
      began = began == 0 ? call.atNanos() : began;
      return call.atNanos() - began < length.toNanos()
          ? reply.refuse(503, "down", "out of order")
          : reply.whole();
    }
  }

  private static void outage(Stage stage, Duration down, Duration pause) {
    int requests = 0;
    while (stage.elapsed().compareTo(down) < 0) {
      stage.until(pause.multipliedBy(requests++));
      stage.answered();
    }
    int vain = stage.mainCalls().size();
    stage.require(vain < requests + 4, vain + " tries in the outage, of requests " + requests);
    var limit = down.plus(stage.times().atMost(30));
    boolean back = false;
    while (!back && stage.elapsed().compareTo(limit) < 0) {
      stage.until(pause.multipliedBy(requests++));
      back = stage.answered().model().equals(stage.main());
    }
    stage.require(back, "the model is not used again");
  }

  private static Scenario s16() {
    return Scenario.of(
        "S16",
        "503 for ever: who answered, and what it cost",
        times -> (call, reply) -> reply.refuse(503, "down", "out of order"),
        stage -> {
          var heard = stage.answeredWithin(30);
          stage.bySpare(heard);
          stage.require(heard.tokens() == 60, "usage says " + heard.tokens());
          accounted(stage, recorded(stage, heard.id()));
        });
  }

  /** The history's line about a request, once it has it. */
  private static JsonNode recorded(Stage stage, String request) {
    JsonNode found = MissingNode.getInstance();
    for (int i = 0; i < 100 && !found.path("events").toString().contains("completed"); i++) {
      Await.pause(Duration.ofMillis(100));
      found = BrokeClient.parse(stage.edge().get("/api/requests/" + request).body());
    }
    return found;
  }

  private static void accounted(Stage stage, JsonNode recorded) {
    var types = recorded.path("events").findValuesAsText("type");
    long completed = types.stream().filter("completed"::equals).count();
    long failed = types.stream().filter("failed"::equals).count();
    stage.require(completed == 1, completed + " completions are recorded: " + types);
    stage.require(failed == stage.mainCalls().size(), failed + " failures are recorded");
    int tokens = recorded.at("/summary/completionTokens").asInt();
    stage.require(tokens == 60, tokens + " tokens are recorded");
  }
}
