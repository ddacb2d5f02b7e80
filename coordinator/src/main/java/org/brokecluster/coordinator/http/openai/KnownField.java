package org.brokecluster.coordinator.http.openai;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.brokecluster.protocol.model.Api;

/**
 * A field of OpenAI's API and what becomes of it here. The tables of docs/api.md are made from
 * these, and what they call refused is refused by them.
 *
 * @param apis kinds of call that know the field
 * @param meaning what is taken of it; of one that is refused, why, and what to do instead
 */
record KnownField(String name, Set<Api> apis, Treatment treatment, String meaning) {
  /** What becomes of a field. */
  enum Treatment {
    /** Every answer is as the field says. */
    HONOURED("honoured"),
    /** Goes only where a model server can do it; where none can, a 400 or 503 that names it. */
    SERVER("if a server can"),
    /** Some values are honoured, the others are a 400. */
    SOME("some values"),
    /** Checked for its type and otherwise left alone: it promises nothing of the answer. */
    HINT("hint"),
    /** A 400 if it asks for anything. */
    REFUSED("refused");

    private final String label;

    Treatment(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  /** Every field OpenAI's API has for chats and completions, the most used first. */
  static final List<KnownField> ALL =
      List.of(
          both("model", Treatment.HONOURED, "`auto` (also where left out), a tier, model or alias"),
          chat("messages", Treatment.HONOURED, "see below"),
          completion("prompt", Treatment.SOME, "one text; no list of several, no token numbers"),
          both("stream", Treatment.HONOURED, "server-sent events"),
          both("stream_options", Treatment.SOME, "`include_usage`; no `include_obfuscation`"),
          both("max_completion_tokens", Treatment.HONOURED, "the smaller of this and `max_tokens`"),
          both("max_tokens", Treatment.HONOURED, "at least 1"),
          both("temperature", Treatment.SERVER, "0 to 2"),
          both("top_p", Treatment.SERVER, "0 to 1"),
          both("presence_penalty", Treatment.SERVER, "-2 to 2"),
          both("frequency_penalty", Treatment.SERVER, "-2 to 2"),
          both("logit_bias", Treatment.SERVER, "-100 to 100 by token number"),
          both("seed", Treatment.SERVER, "a whole number"),
          both("stop", Treatment.SERVER, "one text or up to four"),
          both("n", Treatment.SOME, "only 1: ask again for another answer"),
          completion("best_of", Treatment.SOME, "only 1"),
          chat("tools", Treatment.SERVER, "functions; names of `a-z A-Z 0-9 _ -`, 64 at most"),
          chat("tool_choice", Treatment.SERVER, "`none`, `auto`, `required` or one function"),
          chat("parallel_tool_calls", Treatment.HONOURED, "`false` allows one call at most"),
          both("response_format", Treatment.SERVER, "`text`, `json_object`, `json_schema`"),
          chat("logprobs", Treatment.SERVER, "`true` or `false`"),
          completion("logprobs", Treatment.SERVER, "0 to 5"),
          chat("top_logprobs", Treatment.SERVER, "0 to 20, with `logprobs`"),
          completion("echo", Treatment.SERVER, "`true` or `false`"),
          completion("suffix", Treatment.SERVER, "a text"),
          chat("reasoning_effort", Treatment.HINT, "for models that think, where the server lets"),
          chat("modalities", Treatment.SOME, "only `[\"text\"]`"),
          chat("verbosity", Treatment.SOME, "only `medium`: say in the prompt how long to answer"),
          chat("service_tier", Treatment.SOME, "`auto`, `default`; see `x-broke-class`"),
          chat(
              "store", Treatment.SOME, "only `false`: answers cannot be fetched again by their id"),
          both(
              "user", Treatment.HINT, "who asks, for fairness; unless keys say so; `x-broke-user`"),
          chat("metadata", Treatment.HINT, "not kept"),
          chat("prediction", Treatment.HINT, "the answer is the same, and not made sooner"),
          chat("prompt_cache_key", Treatment.HINT, "what a server has read before is found anyway"),
          chat("prompt_cache_retention", Treatment.HINT, "as long as there is room"),
          chat("safety_identifier", Treatment.HINT, "not used"),
          chat("audio", Treatment.REFUSED, "answers are text only; leave it out"),
          chat("web_search_options", Treatment.REFUSED, "nothing here searches the web; use tools"),
          chat("functions", Treatment.REFUSED, "the old form of tools; use tools"),
          chat("function_call", Treatment.REFUSED, "the old form of tool_choice; use tool_choice"));

  /** Fields of one kind of call. */
  static List<KnownField> of(Api api) {
    return ALL.stream().filter(field -> field.apis.contains(api)).toList();
  }

  private static KnownField both(String name, Treatment treatment, String meaning) {
    return new KnownField(name, Set.copyOf(EnumSet.allOf(Api.class)), treatment, meaning);
  }

  private static KnownField chat(String name, Treatment treatment, String meaning) {
    return new KnownField(name, Set.of(Api.CHAT), treatment, meaning);
  }

  private static KnownField completion(String name, Treatment treatment, String meaning) {
    return new KnownField(name, Set.of(Api.COMPLETION), treatment, meaning);
  }
}
