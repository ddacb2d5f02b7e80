package org.brokecluster.coordinator.routing.parameters;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.brokecluster.coordinator.history.learning.Topic;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.router.Parameter;
import org.brokecluster.protocol.router.Parameters;
import org.brokecluster.protocol.router.RequestFacts;

/**
 * What is filled in for a request on a model: the operator's rules, and else what the makers of a
 * few series publish for them. Pure.
 *
 * <p>Published figures, temperature and top-p:
 *
 * <ul>
 *   <li>Qwen3 with its switch for thinking: 0.6 and 0.95 thinking, 0.7 and 0.8 not (model card). It
 *       is told not to think about what is easy and no work of several steps, because it would
 *       think as long as about anything else.
 *   <li>Qwen3 without the switch (Instruct-2507, Coder): 0.7 and 0.8; Thinking-2507: 0.6 and 0.95
 *       (model cards).
 *   <li>Qwen2.5 Instruct: 0.7 and 0.8 (generation_config.json).
 *   <li>DeepSeek-R1 and what was distilled from it: 0.6 and 0.95 (generation_config.json).
 * </ul>
 *
 * <p>Temperature and top-p belong together: where a client sets one of them, the other stays as it
 * is as well.
 */
public final class ParameterTable {
  private static final Pattern R1 = Pattern.compile("deepseek-r1");
  private static final Pattern QWEN25 = Pattern.compile("qwen2\\.5");
  private static final Pattern QWEN3 = Pattern.compile("qwen3[-:]\\d");
  private static final Pattern QWEN3_CODER = Pattern.compile("qwen3-coder");
  private static final Parameters CAREFUL = new Parameters(0.6, 0.95, null, null);
  private static final Parameters PLAIN = new Parameters(0.7, 0.8, null, null);
  private static final Parameters BRIEF = new Parameters(0.7, 0.8, null, false);

  private final ParameterSettings settings;
  private final double easyBelow;

  /**
   * With the operator's rules.
   *
   * @param easyBelow complexity below which a request is easy, 0 to 1
   */
  public ParameterTable(ParameterSettings settings, double easyBelow) {
    this.settings = settings;
    this.easyBelow = easyBelow;
  }

  /**
   * What is filled in.
   *
   * @param demand complexity of the request, 0 to 1
   */
  public Parameters of(RequestFacts facts, double demand, ModelId model) {
    var open = facts.open();
    if (open.isEmpty() || !settings.enabled()) {
      return Parameters.NONE;
    }
    var topic = Topic.of(facts.profile());
    boolean easy = demand < easyBelow && topic == Topic.GENERAL;
    var published = published(model, easy, open.contains(Parameter.THINKING));
    for (var rule : settings.rules()) {
      if (rule.isFor(model)) {
        return within(open, ParameterRule.merged(rule.of(topic), published));
      }
    }
    return within(open, published);
  }

  private static Parameters within(Set<Parameter> open, Parameters given) {
    boolean draw = open.contains(Parameter.TEMPERATURE) && open.contains(Parameter.TOP_P);
    return new Parameters(
        draw ? given.temperature() : null,
        draw ? given.topP() : null,
        open.contains(Parameter.MAX_TOKENS) ? given.maxTokens() : null,
        open.contains(Parameter.THINKING) ? given.thinking() : null);
  }

  private static Parameters published(ModelId model, boolean easy, boolean mayThinkOrNot) {
    var name = model.value().toLowerCase(Locale.ROOT);
    if (R1.matcher(name).find()) {
      return CAREFUL;
    }
    if (QWEN25.matcher(name).find() || QWEN3_CODER.matcher(name).find()) {
      return PLAIN;
    }
    if (!QWEN3.matcher(name).find()) {
      return Parameters.NONE;
    }
    if (name.contains("instruct")) {
      return PLAIN;
    }
    boolean always = name.contains("thinking");
    return easy && mayThinkOrNot && !always ? BRIEF : CAREFUL;
  }
}
