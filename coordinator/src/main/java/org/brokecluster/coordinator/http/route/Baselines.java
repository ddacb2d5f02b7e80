package org.brokecluster.coordinator.http.route;

import static org.brokecluster.coordinator.http.error.ApiException.invalid;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.brokecluster.protocol.model.Baseline;
import org.brokecluster.protocol.model.MachineKind;
import org.brokecluster.protocol.node.NodeProtocol;

/** Measured speeds in a request: {@code machine}, {@code speeds} and perhaps {@code force}. */
record Baselines(MachineKind machine, List<Baseline> speeds, boolean force) {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  static Baselines read(ObjectNode body) {
    var list = body.path("speeds");
    if (!list.isArray() || list.size() > NodeProtocol.SPEEDS_MAX) {
      throw invalid("speeds", "must be a list of at most " + NodeProtocol.SPEEDS_MAX);
    }
    var speeds = new ArrayList<Baseline>();
    for (var entry : list) {
      speeds.add(value(entry, Baseline.class, "speeds"));
    }
    var machine = value(body.path("machine"), MachineKind.class, "machine");
    return new Baselines(machine, speeds, body.path("force").asBoolean(false));
  }

  private static <T> T value(JsonNode node, Class<T> type, String param) {
    try {
      var value = node.isObject() ? MAPPER.treeToValue(node, type) : null;
      if (value == null || !whole(value)) {
        throw invalid(param, "is not what ./broke export-config writes");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw invalid(param, "cannot be read: " + e.getOriginalMessage());
    }
  }

  /** Whether everything is there that a record cannot do without. */
  private static boolean whole(Object value) {
    if (value instanceof Baseline speed) {
      return speed.model() != null && speed.runtime() != null;
    }
    return !(value instanceof MachineKind machine) || machine.chip() != null;
  }
}
