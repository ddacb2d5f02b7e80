package org.brokecluster.tests.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.brokecluster.tests.harness.Await;

/** The answer of a {@link FaultServer} to one call, told step by step what to send. */
final class FaultReply {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TOKEN = Duration.ofMillis(5);

  private final Socket socket;
  private final FaultServer.Call call;
  private final List<String> rest;
  private int said;

  FaultReply(Socket socket, FaultServer.Call call) {
    this.socket = socket;
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
    raw("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
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
    chunk("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"BROKEN\n\n");
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
    chunk("data: [DONE]\n\n");
    raw("0\r\n\r\n");
    return true;
  }

  /** Ends the connection without a word. */
  boolean cut() {
    return false;
  }

  /** Ends the connection with a reset. */
  boolean reset() throws IOException {
    socket.setSoLinger(true, 0);
    return false;
  }

  /** Says nothing for so long, or until the caller hangs up. */
  boolean silent(Duration length) throws IOException {
    socket.setSoTimeout((int) length.toMillis());
    try {
      return socket.getInputStream().read() >= 0;
    } catch (SocketTimeoutException timeIsUp) {
      socket.setSoTimeout(0);
      return true;
    }
  }

  /** An error in OpenAI's shape. */
  boolean refuse(int status, String code, String message) throws IOException {
    return refuse(status, code, message, Map.of());
  }

  /** The same with headers. */
  boolean refuse(int status, String code, String message, Map<String, String> headers)
      throws IOException {
    var root = JSON.createObjectNode();
    root.putObject("error")
        .put("message", message)
        .put("type", status < 500 ? "invalid_request_error" : "server_error")
        .put("code", code);
    return json(socket, status, root.toString(), headers);
  }

  /** A whole JSON document; keeps the connection. */
  static boolean json(Socket socket, int status, String json, Map<String, String> headers)
      throws IOException {
    var bytes = json.getBytes(StandardCharsets.UTF_8);
    var head = new StringBuilder("HTTP/1.1 " + status + " X\r\nContent-Type: application/json\r\n");
    headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    head.append("Content-Length: ").append(bytes.length).append("\r\n\r\n");
    var out = socket.getOutputStream();
    out.write(head.toString().getBytes(StandardCharsets.US_ASCII));
    out.write(bytes);
    out.flush();
    return true;
  }

  private void delta(ObjectNode delta, String finish) throws IOException {
    var root = JSON.createObjectNode().put("object", "chat.completion.chunk");
    root.put("model", call.model());
    var choice = root.putArray("choices").addObject().put("index", 0);
    choice.put("finish_reason", finish).set("delta", delta);
    event(root);
  }

  private void event(JsonNode json) throws IOException {
    chunk("data: " + json + "\n\n");
  }

  private void chunk(String text) throws IOException {
    int length = text.getBytes(StandardCharsets.UTF_8).length;
    raw(Integer.toHexString(length) + "\r\n" + text + "\r\n");
  }

  private void raw(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }
}
