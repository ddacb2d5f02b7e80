package org.brokecluster.coordinator.routing.parameters;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Set;
import org.brokecluster.coordinator.history.learning.Topic;
import org.brokecluster.protocol.router.Parameters;
import org.brokecluster.shared.config.SettingsReader;
import org.jspecify.annotations.Nullable;

/**
 * The {@code broke.router.parameters} section.
 *
 * @param enabled whether anything is filled in
 * @param rules the operator's own, longest names first
 */
public record ParameterSettings(boolean enabled, List<ParameterRule> rules) {
  private static final String ROOT = "broke.router.parameters.";
  private static final int MODELS_MAX = 100;
  private static final double TOP_P_MIN = 0.01;
  private static final int TOKENS_MAX = 1_000_000;
  private static final Set<String> FIELDS =
      Set.of("temperature", "top-p", "max-tokens", "thinking");

  /** Copies the list. */
  public ParameterSettings {
    rules = List.copyOf(rules);
  }

  /** Reads and checks the section. */
  public static ParameterSettings from(SettingsReader reader) {
    var rules = new ArrayList<ParameterRule>();
    var names = reader.entries(ROOT + "models");
    if (names.size() > MODELS_MAX) {
      reader.problem(ROOT + "models", "must be at most " + MODELS_MAX);
    }
    for (var name : names) {
      rules.add(rule(reader, name));
    }
    rules.sort((a, b) -> Integer.compare(b.name().length(), a.name().length()));
    return new ParameterSettings(reader.flag(ROOT + "enabled"), rules);
  }

  private static ParameterRule rule(SettingsReader reader, String name) {
    var key = ROOT + "models.\"" + name + "\"";
    var byTopic = new EnumMap<Topic, Parameters>(Topic.class);
    for (var field : reader.entries(key)) {
      var topic = topic(field);
      if (topic != null) {
        byTopic.put(topic, parameters(reader, key + "." + field));
      } else if (!FIELDS.contains(field)) {
        reader.problem(
            key + "." + field,
            "unknown; known are temperature, top-p, max-tokens, thinking, and"
                + " the same in code, reasoning, creative or general");
      }
    }
    return new ParameterRule(name, parameters(reader, key), byTopic);
  }

  private static @Nullable Topic topic(String name) {
    for (var topic : Topic.values()) {
      if (topic.label().equals(name)) {
        return topic;
      }
    }
    return null;
  }

  private static Parameters parameters(SettingsReader reader, String key) {
    var given = reader.entries(key);
    return new Parameters(
        given.contains("temperature") ? reader.number(key + ".temperature", 0, 2) : null,
        given.contains("top-p") ? reader.number(key + ".top-p", TOP_P_MIN, 1) : null,
        given.contains("max-tokens") ? reader.integer(key + ".max-tokens", 1, TOKENS_MAX) : null,
        given.contains("thinking") ? reader.flag(key + ".thinking") : null);
  }
}
