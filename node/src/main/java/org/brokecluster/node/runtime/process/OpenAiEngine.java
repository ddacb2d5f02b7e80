package org.brokecluster.node.runtime.process;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.brokecluster.node.runtime.Generation;
import org.brokecluster.node.runtime.GenerationListener;
import org.brokecluster.node.runtime.Prompt;
import org.brokecluster.node.runtime.openai.Dialect;
import org.brokecluster.node.runtime.openai.OpenAiRuntime;
import org.brokecluster.node.runtime.openai.OpenAiSettings;
import org.brokecluster.node.runtime.openai.RuntimeSpec;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.shared.hardware.Chip;

/**
 * Speaks OpenAI's API to a server that has one model, by one constant name: to mlx_lm.server a
 * second name for the same weights would be a second model, not batched with the first.
 */
public final class OpenAiEngine implements Engine {
  private final OpenAiRuntime server;
  private final ModelId wireName;

  private OpenAiEngine(OpenAiRuntime server, ModelId wireName) {
    this.server = server;
    this.wireName = wireName;
  }

  /**
   * Engines for servers that know their one model by this name.
   *
   * @param dialect how such a server speaks
   * @param wireName such as {@code default_model}
   */
  public static EngineFactory factory(
      OpenAiSettings settings, Chip chip, Dialect dialect, String wireName) {
    var model = ModelId.of(wireName);
    return (address, slots) ->
        new OpenAiEngine(
            new OpenAiRuntime(spec(dialect, address, slots, wireName), settings, chip, Map.of()),
            model);
  }

  private static RuntimeSpec spec(Dialect dialect, URI address, int slots, String wireName) {
    return new RuntimeSpec(
        dialect.label(),
        address,
        OptionalInt.of(slots),
        Optional.empty(),
        Optional.of(wireName),
        Optional.empty());
  }

  @Override
  public Generation start(Prompt prompt, GenerationListener listener) {
    var wired =
        new Prompt(
            prompt.attempt(),
            prompt.api(),
            wireName,
            prompt.body(),
            prompt.emitted(),
            prompt.emittedTokens(),
            prompt.expectedTokens());
    return server.start(wired, listener);
  }

  @Override
  public void close() {
    server.close();
  }
}
