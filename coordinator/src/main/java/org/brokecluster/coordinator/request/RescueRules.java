package org.brokecluster.coordinator.request;

import org.brokecluster.coordinator.http.openai.ChatCall;
import org.brokecluster.coordinator.http.openai.Rescue;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.Api;
import org.jspecify.annotations.Nullable;

/**
 * Whether and how the answer to one call may go on in another attempt once its client has a part.
 *
 * @param streamed whether the client receives the answer as it is made
 * @param tools whether the answer may call tools
 * @param structured whether the answer has to be JSON: a seam could break it
 * @param reproducible whether the call asks for the same answer each time (a seed, temperature 0)
 * @param prompted whether a model may be asked to go on in its own words, the last resort
 * @param maxTokens the client's limit for the answer, or null
 * @param textMax characters kept of an answer, so that it can go on; 0 for never
 */
public record RescueRules(
    boolean streamed,
    boolean tools,
    boolean structured,
    boolean reproducible,
    boolean prompted,
    @Nullable Integer maxTokens,
    int textMax) {

  /** The rules for a call. */
  static RescueRules of(ChatCall call, RescueSettings settings) {
    var needs = call.needs();
    boolean structured = needs.contains(Ability.JSON_SCHEMA) || needs.contains(Ability.JSON_OBJECT);
    boolean tools = needs.contains(Ability.TOOLS);
    boolean plain = !structured && !tools;
    return new RescueRules(
        call.stream(),
        tools,
        structured,
        call.reproducible(),
        settings.prompted()
            && plain
            && call.api() == Api.CHAT
            && call.extras().rescue() == Rescue.BEST_EFFORT,
        call.maxTokens(),
        settings.textMax());
  }
}
