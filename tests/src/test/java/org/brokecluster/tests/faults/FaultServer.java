package org.brokecluster.tests.faults;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.brokecluster.node.runtime.http.ScriptedServer;
import org.brokecluster.tests.harness.BrokeClient;

/**
 * An OpenAI-compatible model server with a {@link Conduct} for each of its models. Keeps every call
 * it gets, with the time.
 */
final class FaultServer implements AutoCloseable {
  /**
   * A model.
   *
   * @param context tokens it says it can take
   */
  record Model(String id, int context, Conduct conduct) {}

  /**
   * A call for an answer.
   *
   * @param number how many there were for the same model before it, and one
   * @param atNanos when it came
   */
  record Call(String model, int number, long atNanos, JsonNode body) {
    /** Seconds since an earlier moment. */
    double secondsSince(long nanos) {
      return (atNanos - nanos) / 1e9;
    }
  }

  private final ScriptedServer server;
  private final Map<String, Model> models = new ConcurrentHashMap<>();
  private final List<Call> calls = new CopyOnWriteArrayList<>();

  private FaultServer(List<Model> all) throws IOException {
    all.forEach(model -> models.put(model.id(), model));
    server = new ScriptedServer(this::answer);
  }

  /** A server on a free port of the loopback address, until it is closed. */
  static FaultServer start(List<Model> models) {
    try {
      return new FaultServer(models);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its address. */
  String url() {
    return server.url();
  }

  /** Calls for an answer of this model so far, in their order. */
  List<Call> calls(String model) {
    return calls.stream().filter(call -> call.model().equals(model)).toList();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean answer(ScriptedServer.Request request, ScriptedServer.Wire wire)
      throws IOException {
    if (request.line().startsWith("GET /v1/models ")) {
      return wire.document(200, list(), List.of());
    }
    if (!request.line().startsWith("POST /v1/chat/completions ")) {
      return wire.json(404, "{'detail':'Not Found'}");
    }
    var asked = BrokeClient.parse(request.body());
    var model = models.get(asked.path("model").asText());
    if (model == null) {
      return wire.json(404, "{'detail':'no such model'}");
    }
    var call = record(model, asked);
    return model.conduct().answer(call, new FaultReply(wire, call));
  }

  private synchronized Call record(Model model, JsonNode asked) {
    var call = new Call(model.id(), calls(model.id()).size() + 1, System.nanoTime(), asked);
    calls.add(call);
    return call;
  }

  private String list() {
    var data = new StringBuilder();
    for (var model : models.values()) {
      data.append(data.isEmpty() ? "" : ",")
          .append("{\"id\":\"%s\",\"max_model_len\":%d}".formatted(model.id(), model.context()));
    }
    return "{\"object\":\"list\",\"data\":[" + data + "]}";
  }
}
