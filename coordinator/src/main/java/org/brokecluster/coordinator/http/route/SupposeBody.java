package org.brokecluster.coordinator.http.route;

import static org.brokecluster.coordinator.http.error.ApiException.invalid;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.brokecluster.protocol.history.WhatIf;
import org.jspecify.annotations.Nullable;

/** Reads the body of a what-if replay. Pure. */
final class SupposeBody {
  private static final Set<String> KNOWN =
      Set.of("strategy", "from", "to", "set", "without", "add");

  private SupposeBody() {}

  static WhatIf read(ObjectNode body) {
    body.fieldNames()
        .forEachRemaining(
            name -> {
              if (!KNOWN.contains(name)) {
                throw invalid(
                    name.length() <= 64 ? name : name.substring(0, 64),
                    "is not known; known are "
                        + String.join(", ", KNOWN.stream().sorted().toList()));
              }
            });
    var settings = new ArrayList<WhatIf.Setting>();
    body.path("set")
        .properties()
        .forEach(
            entry -> settings.add(new WhatIf.Setting(entry.getKey(), entry.getValue().asText())));
    return new WhatIf(
        moment(body, "from"),
        moment(body, "to"),
        text(body, "strategy"),
        settings,
        texts(body, "without"),
        texts(body, "add"));
  }

  private static @Nullable Instant moment(ObjectNode body, String name) {
    var text = text(body, name);
    return text == null ? null : HistoryQuestion.instant(name, text);
  }

  private static @Nullable String text(ObjectNode body, String name) {
    var value = body.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isTextual() || value.textValue().isBlank()) {
      throw invalid(name, "must be a text");
    }
    return value.textValue();
  }

  private static List<String> texts(ObjectNode body, String name) {
    var texts = new ArrayList<String>();
    for (JsonNode each : body.path(name)) {
      if (!each.isTextual()) {
        throw invalid(name, "must be a list of texts");
      }
      texts.add(each.textValue());
    }
    return texts;
  }
}
