package org.brokecluster.node.resume;

import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import org.brokecluster.node.runtime.GenerationListener;
import org.brokecluster.node.runtime.ResumeBody;
import org.brokecluster.node.runtime.Spoken;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.node.ResumeWay;
import org.brokecluster.protocol.state.ModelFacts;
import org.jspecify.annotations.Nullable;

/**
 * What a client has received of an answer that broke off, and how it is to go on.
 *
 * @param reasoning thinking the client has
 * @param content text the client has
 * @param tokens pieces the client has, about one token each, at least 0
 */
public record Resumption(ResumeWay way, String reasoning, String content, int tokens) {
  // The set is unmodifiable, which its type does not say.
  private static final Set<Ability> TEMPLATE = Set.of(Ability.COMPLETION, Ability.CHAT_TEMPLATE);

  /** The ways in which a model can go on; whether an answer allows them is the edge's choice. */
  public static Set<ResumeWay> ways(ModelFacts facts, Api api) {
    var ways = EnumSet.noneOf(ResumeWay.class);
    var continues =
        switch (api) {
          case CHAT -> Ability.ASSISTANT_PREFILL;
          case COMPLETION -> Ability.COMPLETION;
        };
    if (facts.abilities().contains(continues)) {
      ways.add(ResumeWay.PREFILL);
    }
    if (api == Api.CHAT && facts.abilities().containsAll(TEMPLATE)) {
      ways.add(ResumeWay.COMPLETION);
    }
    ways.add(ResumeWay.REPLAY);
    if (api == Api.CHAT && facts.abilities().contains(Ability.CHAT)) {
      ways.add(ResumeWay.PROMPTED);
    }
    return ways;
  }

  /**
   * What the runtime is asked instead of the client's body.
   *
   * @throws IOException if the body cannot be read; the message is free of its text
   */
  public byte[] body(Api api, byte[] body) throws IOException {
    return way == ResumeWay.PROMPTED && !content.isEmpty()
        ? ResumeBody.prompted(body, content, tokens)
        : body;
  }

  /** The text the runtime itself goes on behind; empty if it does not know of it. */
  public String emitted() {
    return way == ResumeWay.PREFILL ? content : "";
  }

  /** What the rendered chat is followed by, if the rest is to be a text completion; else null. */
  public @Nullable Spoken spoken() {
    return way == ResumeWay.COMPLETION ? new Spoken(reasoning, content) : null;
  }

  /** Lets out what the client does not have yet. */
  public ResumeListener listener(GenerationListener out) {
    return switch (way) {
      case PREFILL, COMPLETION -> new ResumeListener.Through(out);
      case REPLAY -> new SkipEmitted(out, reasoning, content);
      case PROMPTED -> new SeamTrim(out, content);
    };
  }

  /** Shows lengths only: answers never reach a log. */
  @Override
  public String toString() {
    return "Resumption[%s %d+%d chars]".formatted(way, reasoning.length(), content.length());
  }
}
