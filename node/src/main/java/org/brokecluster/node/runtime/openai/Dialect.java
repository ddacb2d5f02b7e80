package org.brokecluster.node.runtime.openai;

import static org.brokecluster.node.runtime.openai.Habit.CANCELS;
import static org.brokecluster.node.runtime.openai.Habit.CONCURRENT;
import static org.brokecluster.node.runtime.openai.Habit.LOADS_BY_REQUEST;
import static org.brokecluster.node.runtime.openai.Habit.LOW_LIMIT;
import static org.brokecluster.node.runtime.openai.Habit.MANY_CALLS;
import static org.brokecluster.node.runtime.openai.Habit.NO_DEVELOPER;
import static org.brokecluster.node.runtime.openai.Habit.NO_STREAM_OPTIONS;
import static org.brokecluster.node.runtime.openai.Habit.OLD_LIMIT_NAME;
import static org.brokecluster.node.runtime.openai.Habit.PARSES_ARGUMENTS;
import static org.brokecluster.node.runtime.openai.Habit.PROGRESS_IF_ASKED;
import static org.brokecluster.node.runtime.openai.Habit.REUSES_PROMPTS;
import static org.brokecluster.node.runtime.openai.Habit.STRICT;
import static org.brokecluster.node.runtime.openai.Habit.TELLS_PROGRESS;
import static org.brokecluster.node.runtime.openai.Habit.TELLS_STATE;
import static org.brokecluster.node.runtime.openai.Habit.TEMPLATE_EFFORT;
import static org.brokecluster.node.runtime.openai.Habit.THINKS_INLINE;
import static org.brokecluster.protocol.model.Ability.CHAT;
import static org.brokecluster.protocol.model.Ability.COMPLETION;
import static org.brokecluster.protocol.model.Ability.JSON_OBJECT;
import static org.brokecluster.protocol.model.Ability.JSON_SCHEMA;
import static org.brokecluster.protocol.model.Ability.LOGPROBS;
import static org.brokecluster.protocol.model.Ability.SEED;
import static org.brokecluster.protocol.model.Ability.TOOLS;
import static org.brokecluster.protocol.model.Ability.TOOL_CHOICE;
import static org.brokecluster.protocol.model.Ability.VISION;

import java.util.Optional;
import java.util.Set;
import org.brokecluster.protocol.model.Ability;

/**
 * A kind of server that speaks OpenAI's HTTP API, with what it can do and how it does it. Which of
 * them were tried against the real server is said in docs/runtimes.md.
 */
// The sets are unmodifiable, which their type does not say.
@SuppressWarnings("ImmutableEnumChecker")
public enum Dialect {
  /** Any server not known better: trusted to do what it is asked. */
  GENERIC(
      "openai",
      "a server with OpenAI's API",
      Set.of(
          CHAT, COMPLETION, TOOLS, TOOL_CHOICE, VISION, JSON_SCHEMA, JSON_OBJECT, LOGPROBS, SEED),
      Set.of(CONCURRENT, CANCELS, NO_DEVELOPER, THINKS_INLINE),
      Set.of()),
  /** Apple's mlx-lm. */
  MLX_LM(
      "mlx",
      "mlx_lm.server",
      Set.of(CHAT, COMPLETION, TOOLS, SEED),
      Set.of(
          CONCURRENT,
          REUSES_PROMPTS,
          CANCELS,
          TELLS_PROGRESS,
          LOADS_BY_REQUEST,
          LOW_LIMIT,
          OLD_LIMIT_NAME,
          NO_DEVELOPER,
          PARSES_ARGUMENTS,
          STRICT,
          MANY_CALLS,
          TEMPLATE_EFFORT),
      Set.of("logit_bias", "echo", "suffix", "functions")),
  /** llama.cpp. */
  LLAMA(
      "llama",
      "llama-server",
      Set.of(
          CHAT, COMPLETION, TOOLS, TOOL_CHOICE, VISION, JSON_SCHEMA, JSON_OBJECT, LOGPROBS, SEED),
      Set.of(
          CONCURRENT,
          REUSES_PROMPTS,
          CANCELS,
          TELLS_PROGRESS,
          TELLS_STATE,
          PROGRESS_IF_ASKED,
          OLD_LIMIT_NAME,
          PARSES_ARGUMENTS,
          TEMPLATE_EFFORT),
      Set.of("echo", "suffix", "functions")),
  /** LM Studio, by its documentation. */
  LM_STUDIO(
      "lmstudio",
      "LM Studio",
      Set.of(CHAT, COMPLETION, TOOLS, VISION, JSON_SCHEMA, SEED),
      Set.of(
          CONCURRENT,
          REUSES_PROMPTS,
          CANCELS,
          TELLS_STATE,
          LOADS_BY_REQUEST,
          OLD_LIMIT_NAME,
          NO_DEVELOPER,
          MANY_CALLS),
      Set.of("echo", "suffix", "functions")),
  /** vLLM, by its source. */
  VLLM(
      "vllm",
      "vLLM",
      Set.of(
          CHAT, COMPLETION, TOOLS, TOOL_CHOICE, VISION, JSON_SCHEMA, JSON_OBJECT, LOGPROBS, SEED),
      Set.of(CONCURRENT, REUSES_PROMPTS, CANCELS, NO_DEVELOPER, THINKS_INLINE),
      Set.of("suffix", "functions")),
  /** mlx-vlm's server, by its source. */
  MLX_VLM(
      "mlx-vlm",
      "mlx-vlm",
      Set.of(CHAT, TOOLS, VISION, SEED),
      Set.of(
          CONCURRENT,
          CANCELS,
          LOADS_BY_REQUEST,
          LOW_LIMIT,
          OLD_LIMIT_NAME,
          NO_DEVELOPER,
          MANY_CALLS),
      Set.of("logit_bias", "echo", "suffix", "functions")),
  /** {@code mlxk serve}, by its source. */
  MLX_KNIFE(
      "mlx-knife",
      "mlx-knife",
      Set.of(CHAT, COMPLETION),
      Set.of(CANCELS, LOADS_BY_REQUEST, OLD_LIMIT_NAME, NO_DEVELOPER, THINKS_INLINE),
      Set.of(
          "logit_bias",
          "echo",
          "suffix",
          "functions",
          "stop",
          "seed",
          "presence_penalty",
          "frequency_penalty")),
  /** {@code transformers serve}, by its source: it refuses every field it does not use. */
  TRANSFORMERS(
      "transformers",
      "transformers serve",
      Set.of(CHAT, TOOLS, SEED),
      Set.of(
          CANCELS,
          LOADS_BY_REQUEST,
          LOW_LIMIT,
          OLD_LIMIT_NAME,
          NO_DEVELOPER,
          NO_STREAM_OPTIONS,
          THINKS_INLINE,
          MANY_CALLS),
      Set.of("logit_bias", "echo", "suffix", "functions", "presence_penalty")),
  /** Ollama by way of OpenAI's API, where nothing can be said about the length of its context. */
  OLLAMA_COMPATIBLE(
      "ollama-v1",
      "Ollama's /v1",
      Set.of(CHAT, COMPLETION, TOOLS, JSON_SCHEMA, JSON_OBJECT, SEED),
      Set.of(REUSES_PROMPTS, CANCELS, LOADS_BY_REQUEST, OLD_LIMIT_NAME, NO_DEVELOPER, MANY_CALLS),
      Set.of("logit_bias", "echo", "functions"));

  private final String label;
  private final String title;
  private final Set<Ability> abilities;
  private final Set<Habit> habits;
  private final Set<String> ignored;

  Dialect(
      String label, String title, Set<Ability> abilities, Set<Habit> habits, Set<String> ignored) {
    this.label = label;
    this.title = title;
    this.abilities = abilities;
    this.habits = habits;
    this.ignored = ignored;
  }

  /** Name in configuration, facts and logs. */
  public String label() {
    return label;
  }

  /** Name for people. */
  public String title() {
    return title;
  }

  /** What such a server can do at most; a model may be able to do less. */
  public Set<Ability> abilities() {
    return abilities;
  }

  /** Whether such a server has a habit. */
  public boolean has(Habit habit) {
    return habits.contains(habit);
  }

  /** Fields of a request that such a server ignores, or does not honour reliably. */
  Set<String> ignored() {
    return ignored;
  }

  /** The dialect with this label, or nothing if there is none. */
  public static Optional<Dialect> parse(String label) {
    for (var dialect : values()) {
      if (dialect.label.equals(label)) {
        return Optional.of(dialect);
      }
    }
    return Optional.empty();
  }
}
