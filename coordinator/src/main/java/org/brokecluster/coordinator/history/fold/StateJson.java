package org.brokecluster.coordinator.history.fold;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The canonical JSON of a {@link RoutingState}: keys sorted, whole numbers, no spaces. */
final class StateJson {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final ObjectMapper MAPPER = new ObjectMapper(FACTORY);

  private StateJson() {}

  /** One way to write a value. */
  private interface ValueWriter<T> {
    void write(JsonGenerator out, T value) throws IOException;
  }

  static byte[] write(RoutingState state) {
    var bytes = new ByteArrayOutputStream(4096);
    try (var out = FACTORY.createGenerator(bytes)) {
      out.writeStartObject();
      out.writeNumberField("at", state.atMs);
      if (state.breakers != null) {
        out.writeFieldName("breakers");
        BreakersJson.write(out, state.breakers);
      }
      out.writeStringField("coordinator", state.coordinator);
      out.writeNumberField("fold", state.fold());
      table(out, "learned", state.learned, StateJson::learnedOf);
      if (state.terms != null) {
        out.writeFieldName("learning");
        LearningJson.write(out, state.terms, state.learned());
      }
      table(out, "members", state.members, StateJson::member);
      table(out, "models", state.models, StateJson::counters);
      table(out, "nodes", state.nodes, StateJson::counters);
      if (!state.moves.isEmpty()) {
        // Left out where there are none, as in every state before there were any.
        out.writeFieldName("moves");
        MovesJson.write(out, state.moves);
      }
      out.writeNumberField("number", state.number);
      open(out, state);
      if (!state.ratings.isEmpty()) {
        // Left out where there are none, as in every state before there were any.
        table(out, "ratings", state.ratings, StateJson::counters);
      }
      table(out, "refusals", state.refusals, (to, count) -> to.writeNumber((long) count));
      out.writeStringField("strategy", state.strategy);
      out.writeNumberField("term", state.term);
      out.writeFieldName("totals");
      counters(out, state.totals);
      out.writeStringField("version", state.version);
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  private static <T> void table(
      JsonGenerator out, String name, Map<String, T> table, ValueWriter<T> writer)
      throws IOException {
    out.writeObjectFieldStart(name);
    for (var entry : table.entrySet()) {
      out.writeFieldName(entry.getKey());
      writer.write(out, entry.getValue());
    }
    out.writeEndObject();
  }

  private static void learnedOf(JsonGenerator out, SortedMap<String, Counters<Learned>> byNode)
      throws IOException {
    out.writeStartObject();
    for (var entry : byNode.entrySet()) {
      out.writeFieldName(entry.getKey());
      counters(out, entry.getValue());
    }
    out.writeEndObject();
  }

  private static void member(JsonGenerator out, MemberState member) throws IOException {
    out.writeStartObject();
    table(out, "models", member.models, JsonGenerator::writeString);
    out.writeStringField("state", member.state);
    out.writeEndObject();
  }

  private static <E extends Enum<E>> void counters(JsonGenerator out, Counters<E> counters)
      throws IOException {
    out.writeStartObject();
    for (var label : counters.labels()) {
      out.writeNumberField(label.name(), counters.at(label));
    }
    out.writeEndObject();
  }

  private static void open(JsonGenerator out, RoutingState state) throws IOException {
    out.writeArrayFieldStart("open");
    for (var entry : state.open.entrySet()) {
      var request = entry.getValue();
      out.writeStartObject();
      out.writeNumberField("at", request.atMs);
      out.writeNumberField("attempt", request.attempt);
      out.writeStringField("model", request.model);
      out.writeStringField("node", request.node);
      out.writeNumberField("number", request.number);
      out.writeStringField("request", entry.getKey());
      out.writeStringField("state", request.state);
      out.writeStringField("strategy", request.strategy);
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  static RoutingState read(String json) {
    try {
      var root = MAPPER.readTree(json);
      if (!RoutingState.knows(root.path("fold").asInt())) {
        throw new IllegalArgumentException(
            "state of another fold: fold=" + root.path("fold") + " here=" + RoutingState.FOLD);
      }
      return read(root);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a state: " + e.getOriginalMessage(), e);
    }
  }

  static int foldOf(String json) {
    try {
      return MAPPER.readTree(json).path("fold").asInt();
    } catch (JsonProcessingException e) {
      return 0;
    }
  }

  private static RoutingState read(JsonNode root) {
    var state = new RoutingState();
    state.atMs = root.path("at").asLong();
    state.coordinator = root.path("coordinator").asText();
    state.number = root.path("number").asLong();
    state.strategy = root.path("strategy").asText();
    state.term = root.path("term").asLong();
    state.version = root.path("version").asText();
    state.breakers = root.has("breakers") ? BreakersJson.read(root.path("breakers")) : null;
    state.terms = root.has("learning") ? LearningJson.terms(root.path("learning")) : null;
    state.learnAnew();
    state.moves.addAll(MovesJson.read(root.path("moves")));
    readCounters(root.path("totals"), state.totals);
    fields(root, "ratings")
        .forEach(
            (model, sums) ->
                state.ratings.put(model, readCounters(sums, new Counters<>(Ratings.class))));
    fields(root, "refusals").forEach((name, count) -> state.refusals.put(name, count.asLong()));
    readTallies(fields(root, "models"), state.models);
    readTallies(fields(root, "nodes"), state.nodes);
    fields(root, "learned").forEach((model, byNode) -> readLearned(state, model, byNode));
    fields(root, "members").forEach((name, member) -> readMember(state, name, member));
    for (var each : root.path("open")) {
      var request = new OpenRequest(each.path("number").asLong(), each.path("at").asLong());
      request.attempt = each.path("attempt").asInt();
      request.model = each.path("model").asText();
      request.node = each.path("node").asText();
      request.state = each.path("state").asText();
      request.strategy = each.path("strategy").asText();
      state.open.put(each.path("request").asText(), request);
    }
    return state;
  }

  private static void readLearned(RoutingState state, String model, JsonNode byNode) {
    var table = new TreeMap<String, Counters<Learned>>();
    byNode
        .properties()
        .forEach(
            entry ->
                table.put(
                    entry.getKey(), readCounters(entry.getValue(), new Counters<>(Learned.class))));
    state.learned.put(model, table);
  }

  private static void readMember(RoutingState state, String name, JsonNode json) {
    var member = new MemberState();
    member.state = json.path("state").asText();
    fields(json, "models").forEach((model, label) -> member.models.put(model, label.asText()));
    state.members.put(name, member);
  }

  private static void readTallies(
      Map<String, JsonNode> json, SortedMap<String, Counters<Tally>> table) {
    json.forEach((name, each) -> table.put(name, readCounters(each, new Counters<>(Tally.class))));
  }

  private static <E extends Enum<E>> Counters<E> readCounters(JsonNode json, Counters<E> into) {
    for (var label : into.labels()) {
      into.set(label, json.path(label.name()).asLong());
    }
    return into;
  }

  private static Map<String, JsonNode> fields(JsonNode parent, String name) {
    var found = new TreeMap<String, JsonNode>();
    parent.path(name).properties().forEach(entry -> found.put(entry.getKey(), entry.getValue()));
    return found;
  }
}
