package org.brokecluster.coordinator.history.journal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
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
 * Of the facts of a request what is learned from: the kind of work, lengths, who asks, and the
 * fingerprint of the whole prompt. All else is passed over and has a value that says nothing.
 */
final class BriefFacts {
  private double languageBias = 1;
  private double reasoningChains;
  private double creativeDesign;
  private int answerTokens = 1;
  private int promptTokens = 1;
  private @Nullable Integer maxTokens;
  private @Nullable String role;
  private @Nullable String session;
  private @Nullable String user;
  private TrafficClass trafficClass = TrafficClass.INTERACTIVE;
  private List<Long> prefix = List.of();

  private BriefFacts() {}

  /** Reads the object the parser is at. */
  static RequestFacts read(JsonParser in) throws IOException {
    return new BriefFacts().of(in);
  }

  private RequestFacts of(JsonParser in) throws IOException {
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      var name = in.currentName();
      var value = in.nextToken();
      switch (name) {
        case "profile" -> profile(in);
        case "promptTokens" -> promptTokens = in.getIntValue();
        case "maxTokens" -> maxTokens = value == JsonToken.VALUE_NULL ? null : in.getIntValue();
        case "wishes" -> wishes(in);
        case "prefix" -> prefix(in);
        default -> in.skipChildren();
      }
    }
    return facts();
  }

  private void profile(JsonParser in) throws IOException {
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      var name = in.currentName();
      in.nextToken();
      switch (name) {
        case "languageBias" -> languageBias = in.getDoubleValue();
        case "reasoningChains" -> reasoningChains = in.getDoubleValue();
        case "creativeDesign" -> creativeDesign = in.getDoubleValue();
        case "answerTokens" -> answerTokens = in.getIntValue();
        default -> in.skipChildren();
      }
    }
  }

  private void wishes(JsonParser in) throws IOException {
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      var name = in.currentName();
      in.nextToken();
      switch (name) {
        case "role" -> role = in.getValueAsString();
        case "session" -> session = in.getValueAsString();
        case "user" -> user = in.getValueAsString();
        case "trafficClass" -> trafficClass = TrafficClass.parse(in.getText()).orElse(trafficClass);
        default -> in.skipChildren();
      }
    }
  }

  private void prefix(JsonParser in) throws IOException {
    while (in.nextToken() == JsonToken.VALUE_NUMBER_INT) {
      prefix = List.of(in.getLongValue());
    }
  }

  private RequestFacts facts() {
    var profile =
        new Profile(
            0, 0, languageBias, Map.of(), reasoningChains, creativeDesign, answerTokens, "", "");
    var wishes =
        new Wishes(
            null, null, null, null, role, null, null, null, session, user, trafficClass, List.of());
    return new RequestFacts(
        Api.CHAT, "", false, profile, promptTokens, 0, maxTokens, Set.of(), wishes, prefix);
  }
}
