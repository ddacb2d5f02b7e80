package org.brokecluster.tests.chaos;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Random;
import org.brokecluster.tests.harness.BrokeClient;
import org.jspecify.annotations.Nullable;

/**
 * One request of a mixed load.
 *
 * @param kind chat, agent, long or whole
 * @param body what is sent, without the fault
 * @param fault what the first simulated runtime is told to do wrong, or null
 * @param headers further headers, name by name
 */
record Errand(
    String kind,
    String model,
    String body,
    boolean stream,
    @Nullable String fault,
    List<String> headers) {
  private static final List<String> MODELS = List.of("sim/qwen-4b-4bit", "sim/qwen-14b-4bit");
  private static final List<String> FAULTS =
      List.of("cut-after:7", "cut-after:40", "reset", "refuse:503", "stall-after:12:60s");
  private static final int PROMPTS = 40;

  /** The next request by a seeded choice; {@code faulty} for a runtime that breaks under it. */
  static Errand next(Random random, boolean faulty) {
    var model = MODELS.get(random.nextInt(MODELS.size()));
    var prompt = "Question number " + random.nextInt(PROMPTS);
    int kind = random.nextInt(10);
    var fault = faulty ? FAULTS.get(random.nextInt(FAULTS.size())) : null;
    if (kind < 4) {
      return of("chat", model, prompt, true, 60 + random.nextInt(120), fault);
    } else if (kind < 6) {
      return of("agent", model, "Step: " + prompt, false, 20 + random.nextInt(30), fault);
    } else if (kind < 8) {
      return of("long", model, "At length: " + prompt, true, 500 + random.nextInt(500), fault);
    }
    return of("whole", model, prompt, false, 100 + random.nextInt(200), fault);
  }

  private static Errand of(
      String kind,
      String model,
      String prompt,
      boolean stream,
      int tokens,
      @Nullable String fault) {
    var headers =
        kind.equals("agent")
            ? List.of("x-broke-class", "agent", "x-broke-framework", "chaos")
            : List.<String>of();
    var body = BrokeClient.longChat(model, prompt, stream, tokens);
    return new Errand(kind, model, body, stream, fault, headers);
  }

  /** The body as it is sent. */
  String sent() {
    if (fault == null) {
      return body;
    }
    var json = (ObjectNode) BrokeClient.parse(body);
    json.putArray("broke_fault").add(fault);
    return json.toString();
  }
}
