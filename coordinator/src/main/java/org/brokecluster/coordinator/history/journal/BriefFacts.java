package org.brokecluster.coordinator.history.journal;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.router.Profile;
import org.brokecluster.protocol.router.RequestFacts;
import org.brokecluster.protocol.router.TrafficClass;
import org.brokecluster.protocol.router.Wishes;
import org.jspecify.annotations.Nullable;

/**
 * Reads of the facts of a request what is learned from: the kind of work, lengths, who asks, and
 * the fingerprint of the whole prompt. All else is passed over and has a value that says nothing.
 * Not thread safe.
 */
final class BriefFacts {
  private final KnownNames<String> people = new KnownNames<>(1024, name -> name);
  private final KnownNames<TrafficClass> classes =
      new KnownNames<>(8, label -> TrafficClass.parse(label).orElse(TrafficClass.INTERACTIVE));

  RequestFacts read(JsonCursor in) throws IOException {
    var facts = new Fields();
    in.open('{');
    for (var name = in.field(); !name.isEmpty(); name = in.field()) {
      if (!in.passedNull()) {
        switch (name) {
          case "profile" -> profile(in, facts);
          case "promptTokens" -> facts.promptTokens = in.small();
          case "maxTokens" -> facts.maxTokens = in.small();
          case "wishes" -> wishes(in, facts);
          case "prefix" -> prefix(in, facts);
          default -> in.skip();
        }
      }
    }
    return facts.whole();
  }

  private static void profile(JsonCursor in, Fields facts) throws IOException {
    in.open('{');
    for (var name = in.field(); !name.isEmpty(); name = in.field()) {
      switch (name) {
        case "languageBias" -> facts.languageBias = in.number();
        case "reasoningChains" -> facts.reasoningChains = in.number();
        case "creativeDesign" -> facts.creativeDesign = in.number();
        case "answerTokens" -> facts.answerTokens = in.small();
        default -> in.skip();
      }
    }
  }

  private void wishes(JsonCursor in, Fields facts) throws IOException {
    in.open('{');
    for (var name = in.field(); !name.isEmpty(); name = in.field()) {
      if (!in.passedNull()) {
        switch (name) {
          case "role" -> facts.role = in.text(people);
          case "session" -> facts.session = in.text(people);
          case "user" -> facts.user = in.text(people);
          case "trafficClass" -> facts.trafficClass = in.text(classes);
          default -> in.skip();
        }
      }
    }
  }

  /** Of the fingerprints the last one, which is that of the whole prompt. */
  private static void prefix(JsonCursor in, Fields facts) throws IOException {
    in.open('[');
    while (in.more(']')) {
      facts.fingerprint = in.integer();
    }
  }

  /** What was read so far of one request. */
  private static final class Fields {
    double languageBias = 1;
    double reasoningChains;
    double creativeDesign;
    int answerTokens = 1;
    int promptTokens = 1;
    @Nullable Integer maxTokens;
    @Nullable String role;
    @Nullable String session;
    @Nullable String user;
    TrafficClass trafficClass = TrafficClass.INTERACTIVE;
    @Nullable Long fingerprint;

    RequestFacts whole() {
      var profile =
          new Profile(
              0, 0, languageBias, Map.of(), reasoningChains, creativeDesign, answerTokens, "", "");
      var wishes =
          new Wishes(
              null,
              null,
              null,
              null,
              role,
              null,
              null,
              null,
              session,
              user,
              trafficClass,
              List.of());
      List<Long> prefix = fingerprint == null ? List.of() : List.of(fingerprint);
      return new RequestFacts(
          Api.CHAT, "", false, profile, promptTokens, 0, maxTokens, Set.of(), wishes, prefix);
    }
  }
}
