package org.brokecluster.node.runtime.openai;

import static org.brokecluster.node.runtime.openai.Servers.content;
import static org.brokecluster.node.runtime.openai.Servers.finish;
import static org.brokecluster.node.runtime.openai.Servers.usage;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.brokecluster.node.Soon;
import org.brokecluster.node.runtime.Prompt;
import org.brokecluster.node.runtime.Prompts;
import org.brokecluster.node.runtime.RecordingListener;
import org.brokecluster.node.runtime.http.ScriptedServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** A runtime attached to a server that says what its script says. */
@Timeout(180)
abstract class OpenAiRuntimeCase {
  static final String SSE = "text/event-stream";
  ScriptedServer server;
  OpenAiRuntime runtime;

  @AfterEach
  void stop() throws Exception {
    if (runtime != null) {
      runtime.close().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
    if (server != null) {
      server.close();
    }
  }

  void awaitNoConnection() {
    Soon.await("no connection is left", () -> server.connections() == 0);
  }

  void attach(ScriptedServer.Script script) throws IOException {
    server = new ScriptedServer(script);
    runtime = Servers.attach(server);
  }

  /** The same for a server that falls silent behind the finish reason. */
  void attachHasty(ScriptedServer.Script script) throws IOException {
    server = new ScriptedServer(script);
    runtime = Servers.attach("openai=" + server.url(), Servers.HASTY);
  }

  RecordingListener ask() {
    return start(Prompts.question(Servers.MODEL, "hello")).awaitOver();
  }

  RecordingListener start(Prompt prompt) {
    var listener = new RecordingListener();
    runtime.start(prompt, listener).request(Long.MAX_VALUE);
    return listener;
  }

  static boolean shortAnswer(ScriptedServer.Wire wire) throws IOException {
    wire.chunkedHead(200, SSE).event(content("Hi")).event(finish("stop")).event(usage(1, 1, 0));
    wire.chunk("data: [DONE]\n\n").lastChunk();
    return true;
  }

  static void line(ScriptedServer.Wire wire, String json) throws IOException {
    wire.raw("data: " + json.replace('\'', '"') + "\n\n");
  }
}
