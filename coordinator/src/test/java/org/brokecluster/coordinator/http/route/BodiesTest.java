package org.brokecluster.coordinator.http.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpRequest;
import akka.stream.Materializer;
import com.typesafe.config.ConfigFactory;
import java.util.concurrent.TimeUnit;
import org.brokecluster.coordinator.http.server.HttpSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Where the heap is small, bodies take less of it than the settings allow. */
class BodiesTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final long HEAP = 10_000;

  private final Bodies bodies =
      new Bodies(
          HttpSettings.of(ConfigFactory.load()),
          Materializer.createMaterializer(KIT.system()),
          HEAP);

  @AfterAll
  static void end() {
    KIT.shutdownTestKit();
  }

  @Test
  void refusesABodyThatTheHeapCannotBear() {
    assertThatThrownBy(() -> read(1_001)).hasMessageContaining("request_too_large");
  }

  @Test
  void refusesBodiesThatTheHeapCannotBearTogether() throws Exception {
    var first = read(600);
    assertThatThrownBy(() -> read(600)).hasMessageContaining("too_many_bodies");

    first.release();

    assertThat(read(600).bytes()).hasSize(600);
  }

  private Bodies.Body read(int bytes) throws Exception {
    var request =
        HttpRequest.POST("/v1/chat/completions")
            .withEntity(ContentTypes.APPLICATION_JSON, "x".repeat(bytes));
    return bodies.read(request).toCompletableFuture().get(1, TimeUnit.MINUTES);
  }
}
