package org.brokecluster.tests.chaos;

import com.typesafe.config.ConfigFactory;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.brokecluster.node.runtime.GenerationListener;
import org.brokecluster.node.runtime.Prompt;
import org.brokecluster.node.runtime.simulated.SimulatedRuntime;
import org.brokecluster.node.runtime.simulated.SimulatedSettings;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;
import org.brokecluster.shared.config.SettingsReader;
import org.brokecluster.shared.hardware.Chip;

/**
 * Knows what a simulated model must say: asks one in this process, which nothing disturbs. Text is
 * a function of model, prompt and seed, so every node of the cluster has to say the same.
 */
final class Oracle implements AutoCloseable {
  private static final long PATIENCE_S = 30;

  private final SimulatedRuntime runtime;
  private final Map<String, Truth> known = new ConcurrentHashMap<>();

  /**
   * A right answer.
   *
   * @param tokens its length
   */
  record Truth(String text, String finish, int tokens) {}

  /** With the models of the preset that the cluster's nodes have. */
  Oracle() {
    var config =
        ConfigFactory.parseString(
                "broke.node.simulated { time-scale = 100000, tick = 1ms, max-generations = 1000 }")
            .withFallback(ConfigFactory.parseResources("presets/studio-m1.conf"))
            .withFallback(ConfigFactory.load())
            .resolve();
    var reader = new SettingsReader(config);
    runtime =
        new SimulatedRuntime(
            SimulatedSettings.read(reader), Chip.parse("M2 Ultra").orElseThrow(), 192L << 30);
  }

  /** What a model must answer to a body. */
  Truth truth(String model, String body) {
    return known.computeIfAbsent(model + '\n' + body, key -> ask(ModelId.of(model), body));
  }

  private Truth ask(ModelId model, String body) {
    var answer = new CompletableFuture<Truth>();
    var prompt =
        new Prompt(
            new AttemptId(RequestId.of("oracle"), 1),
            Api.CHAT,
            model,
            body.getBytes(StandardCharsets.UTF_8),
            "",
            0,
            100);
    runtime.start(prompt, new Listening(answer)).request(Long.MAX_VALUE);
    return answer.orTimeout(PATIENCE_S, TimeUnit.SECONDS).join();
  }

  private static final class Listening implements GenerationListener {
    private final CompletableFuture<Truth> answer;
    private final StringBuilder text = new StringBuilder();

    Listening(CompletableFuture<Truth> answer) {
      this.answer = answer;
    }

    @Override
    public void onPrefill(double share) {}

    @Override
    public void onChunk(TokenChunk chunk) {
      text.append(chunk.text());
    }

    @Override
    public void onEnd(FinishReason reason, Usage usage) {
      answer.complete(new Truth(text.toString(), reason.label(), usage.completionTokens()));
    }

    @Override
    public void onFailure(AttemptFailure failure) {
      answer.completeExceptionally(new AssertionError("the oracle fails: " + failure));
    }
  }

  @Override
  public void close() {
    runtime.close().toCompletableFuture().orTimeout(PATIENCE_S, TimeUnit.SECONDS).join();
  }
}
