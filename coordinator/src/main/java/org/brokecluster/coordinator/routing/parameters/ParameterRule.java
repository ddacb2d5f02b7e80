package org.brokecluster.coordinator.routing.parameters;

import java.util.Locale;
import java.util.Map;
import org.brokecluster.coordinator.history.learning.Topic;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.router.Parameters;

/**
 * What an operator recommends for some models.
 *
 * @param name part of the names of those models, in small letters
 * @param usual for every kind of work
 * @param byTopic what differs for one
 */
record ParameterRule(String name, Parameters usual, Map<Topic, Parameters> byTopic) {
  ParameterRule {
    name = name.toLowerCase(Locale.ROOT);
    byTopic = Map.copyOf(byTopic);
  }

  boolean isFor(ModelId model) {
    return model.value().toLowerCase(Locale.ROOT).contains(name);
  }

  Parameters of(Topic topic) {
    return merged(byTopic.getOrDefault(topic, Parameters.NONE), usual);
  }

  /** The first where it says something, else the second. */
  static Parameters merged(Parameters first, Parameters second) {
    return new Parameters(
        first.temperature() != null ? first.temperature() : second.temperature(),
        first.topP() != null ? first.topP() : second.topP(),
        first.maxTokens() != null ? first.maxTokens() : second.maxTokens(),
        first.thinking() != null ? first.thinking() : second.thinking());
  }
}
