package org.brokecluster.coordinator.content;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.brokecluster.coordinator.http.openai.ChatCall;
import org.brokecluster.coordinator.http.openai.ChatCallReader;
import org.brokecluster.coordinator.routing.profile.PhraseEstimator;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.router.Placement;
import org.brokecluster.protocol.router.RequestFacts;

/** Calls and their answers. */
final class RecordedSample {
  static final Placement PLACEMENT =
      new Placement(
          ModelId.of("m-1"), NodeId.of("n"), Tier.BASIC, "balanced", 0.2, "prior", 10, 100, 0);

  private RecordedSample() {}

  static String chat(String prompt) {
    return "{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"" + prompt + "\"}]}";
  }

  static ChatCall call(String id, String body, Map<String, String> headers) {
    return new ChatCallReader(true)
        .read(Api.CHAT, RequestId.of(id), body.getBytes(StandardCharsets.UTF_8), headers);
  }

  static RequestFacts facts(ChatCall call) {
    return new RequestFacts(
        call.api(),
        call.model(),
        false,
        new PhraseEstimator().estimate(call.text()),
        call.promptTokens(),
        call.body().length,
        null,
        call.needs(),
        call.wishes(),
        call.prefix());
  }

  static Recorded of(String body, Map<String, String> headers, AnswerText answer) {
    return of("r-1", body, headers, answer);
  }

  static Recorded of(String id, String body, Map<String, String> headers, AnswerText answer) {
    var call = call(id, body, headers);
    return new Recorded(
        call,
        facts(call),
        answer,
        PLACEMENT,
        FinishReason.STOP,
        new Usage(5, 6, 0),
        1_795_248_000_123L,
        100L,
        900);
  }
}
