package org.brokecluster.node.runtime.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.brokecluster.node.runtime.ModelRuntime;
import org.brokecluster.node.runtime.ModelRuntimeContract;
import org.brokecluster.node.runtime.http.ScriptedServer;
import org.brokecluster.protocol.id.ModelId;
import org.junit.jupiter.api.AfterEach;

class OpenAiRuntimeContractTest extends ModelRuntimeContract {
  private static final int CHUNKS = 2_000;

  private final AtomicInteger serving = new AtomicInteger();
  private ScriptedServer server;

  @Override
  protected ModelRuntime open() throws Exception {
    if (server == null) {
      server = new ScriptedServer(this::serve);
    }
    return Servers.attach(server);
  }

  @Override
  protected ModelId model() {
    return Servers.MODEL;
  }

  /** The server notices a client that is gone by its writes, since answers outgrow the buffers. */
  @Override
  protected void awaitIdle() {
    long patience = System.nanoTime() + 5_000_000_000L;
    while (serving.get() > 0 && System.nanoTime() < patience) {
      Thread.onSpinWait();
    }
    assertThat(serving).hasValue(0);
  }

  @AfterEach
  void stopServer() throws Exception {
    server.close();
  }

  private boolean serve(ScriptedServer.Request request, ScriptedServer.Wire wire)
      throws IOException {
    if (request.line().startsWith("GET")) {
      return wire.json(200, Servers.MODELS);
    }
    serving.incrementAndGet();
    try {
      wire.chunkedHead(200, "text/event-stream");
      for (int i = 0; i < CHUNKS; i++) {
        wire.event(Servers.content(" token " + i + "x".repeat(2_000)));
      }
      wire.event(Servers.finish("stop"));
      wire.event(Servers.usage(10, CHUNKS, 0));
      wire.chunk("data: [DONE]\n\n").lastChunk();
      return true;
    } finally {
      serving.decrementAndGet();
    }
  }
}
