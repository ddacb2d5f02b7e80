package org.brokecluster.coordinator.http.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import org.brokecluster.coordinator.http.openai.KnownField.Treatment;
import org.brokecluster.protocol.model.Api;
import org.jspecify.annotations.Nullable;

/**
 * Fields of OpenAI's API that have no effect here: refused where they ask for one, and taken as the
 * hints they are where clients send them without minding.
 */
final class OtherFields {
  private static final List<KnownField> REFUSED_IN_CHATS =
      KnownField.of(Api.CHAT).stream()
          .filter(field -> field.treatment() == Treatment.REFUSED)
          .toList();

  /** Words that ask for nothing where a function could be named. */
  private static final Set<String> IDLE = Set.of("none", "auto");

  private final Fields body;

  OtherFields(Fields body) {
    this.body = body;
  }

  /** Checks those of a chat call. */
  void chat() {
    for (var field : REFUSED_IN_CHATS) {
      if (asks(body.any(field.name()))) {
        throw body.invalid(
            field.name(), "unsupported_parameter", "is not supported here: " + field.meaning());
      }
    }
    if (body.flag("store")) {
      throw body.invalid(
          "store",
          "unsupported_value",
          "must be false: answers cannot be fetched again by their id; leave it out");
    }
    oneOf("service_tier", Set.of("auto", "default"), "how urgent a call is, x-broke-class says");
    oneOf("verbosity", Set.of("medium"), "say in the prompt how long the answer is to be");
    body.fields("metadata");
    body.fields("prediction");
    body.text("prompt_cache_key");
    body.text("prompt_cache_retention");
    body.text("safety_identifier");
  }

  private void oneOf(String field, Set<String> values, String instead) {
    var value = body.text(field);
    if (value != null && !values.contains(value)) {
      throw body.invalid(
          field,
          "unsupported_value",
          "must be " + String.join(" or ", values.stream().sorted().toList()) + ": " + instead);
    }
  }

  private static boolean asks(@Nullable JsonNode node) {
    if (node == null) {
      return false;
    }
    if (node.isContainerNode()) {
      return !node.isEmpty();
    }
    return node.isTextual() ? !IDLE.contains(node.textValue()) : node.asBoolean(true);
  }
}
