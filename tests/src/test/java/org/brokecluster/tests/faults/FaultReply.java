package org.brokecluster.tests.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.brokecluster.node.runtime.http.ScriptedServer;
import org.brokecluster.tests.harness.Await;

/** The answer of a {@link FaultServer} to one call, told step by step what to send. */
final class FaultReply {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TOKEN = Duration.ofMillis(5);

  private final ScriptedServer.Wire wire;
  private final FaultServer.Call call;
  private final List<String> rest;
  private int said;

  FaultReply(ScriptedServer.Wire wire, FaultServer.Call call) {
    this.wire = wire;
    this.call = call;
    this.rest = Story.tokens(Story.rest(call.body()));
  }

  /** The whole answer in good order. */
  boolean whole() throws IOException {
    head();
    tokens(rest.size());
    finish();
    usage();
    return done();
  }

  /** The head of a stream. */
  void head() throws IOException {
    wire.chunkedHead(200, "text/event-stream");
    delta(JSON.createObjectNode().put("role", "assistant").put("content", ""), null);
  }

  /** So many more tokens, or all that are left if that is fewer. */
  void tokens(int count) throws IOException {
    for (int i = 0; i < count && said < rest.size(); i++) {
      delta(JSON.createObjectNode().put("content", rest.get(said++)), null);
      Await.pause(TOKEN);
    }
  }

  /** An event whose JSON breaks off. */
  void brokenEvent() throws IOException {
    wire.chunk("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"BROKEN\n\n");
  }

  /** The finish reason. */
  void finish() throws IOException {
    delta(JSON.createObjectNode(), "stop");
  }

  /** The counts. */
  void usage() throws IOException {
    var root = JSON.createObjectNode().put("object", "chat.completion.chunk");
    root.putArray("choices");
    root.putObject("usage").put("prompt_tokens", 12).put("completion_tokens", said);
    event(root);
  }

  /** The end of a stream. */
  boolean done() throws IOException {
    wire.chunk("data: [DONE]\n\n").lastChunk();
    return true;
  }

  /** Ends the connection without a word. */
  boolean cut() {
    return false;
  }

  /** Ends the connection with a reset. */
  boolean reset() throws IOException {
    return wire.reset();
  }

  /** Says nothing for so long, or until the caller hangs up. */
  boolean silent(Duration length) throws IOException {
    return wire.silent(length);
  }

  /** An error in OpenAI's shape. */
  boolean refuse(int status, String code, String message, String... headers) throws IOException {
    var root = JSON.createObjectNode();
    root.putObject("error")
        .put("message", message)
        .put("type", status < 500 ? "invalid_request_error" : "server_error")
        .put("code", code);
    return wire.document(status, root.toString(), List.of(headers));
  }

  private void delta(ObjectNode delta, String finish) throws IOException {
    var root = JSON.createObjectNode().put("object", "chat.completion.chunk");
    root.put("model", call.model());
    var choice = root.putArray("choices").addObject().put("index", 0);
    choice.put("finish_reason", finish).set("delta", delta);
    event(root);
  }

  private void event(JsonNode json) throws IOException {
    wire.chunk("data: " + json + "\n\n");
  }
}
