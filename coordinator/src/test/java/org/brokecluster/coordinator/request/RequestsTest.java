package org.brokecluster.coordinator.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.brokecluster.coordinator.http.ConnectionWatch;
import org.brokecluster.coordinator.http.error.ApiException;
import org.brokecluster.coordinator.http.openai.ChatCall;
import org.brokecluster.coordinator.http.openai.ChatCallReader;
import org.brokecluster.coordinator.http.server.HttpSettings;
import org.brokecluster.coordinator.routing.profile.PhraseEstimator;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.shared.config.SettingsReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RequestsTest {
  private static final Config CONFIG = ConfigFactory.load();

  private final ActorTestKit kit = ActorTestKit.create("requests", CONFIG);
  private final Line line = new Line();
  private final CountDownLatch overs = new CountDownLatch(1);
  private final Runnable over = overs::countDown;

  /** A connection whose client hangs up when it is told to. */
  private static final class Line implements ConnectionWatch {
    private final List<Runnable> listeners = new ArrayList<>();
    private boolean gone;

    @Override
    public synchronized Registration onGone(Runnable listener) {
      listeners.add(listener);
      if (gone) {
        listener.run();
      }
      return () -> {};
    }

    @Override
    public synchronized boolean gone() {
      return gone;
    }

    synchronized void hangUp() {
      gone = true;
      listeners.forEach(Runnable::run);
    }
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  /** A connection ends with its response: without one it would stay half open for good. */
  @Test
  void endsTheResponseOfAClientThatHungUp() throws Exception {
    var response = requests(AnswerTap.NONE).open(call(false), line, over);

    line.hangUp();

    assertThatThrownBy(() -> get(response))
        .hasCauseInstanceOf(ApiException.class)
        .satisfies(failure -> assertThat(status(failure)).isEqualTo(499));
    assertThat(overs.await(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void tellsTheClientOfARequestThatBroke() {
    var response = requests(breaksAtTick(1)).open(call(false), line, over);

    assertThatThrownBy(() -> get(response))
        .satisfies(failure -> assertThat(status(failure)).isEqualTo(500));
  }

  @Test
  void endsTheStreamOfARequestThatBroke() throws Exception {
    var requests = requests(breaksAtTick(4));

    var stream = get(requests.open(call(true), line, over));

    var text =
        get(stream.entity().toStrict(Duration.ofMinutes(1).toMillis(), kit.system()))
            .getData()
            .utf8String();
    assertThat(text).contains("\"code\":\"internal_error\"").doesNotContain("[DONE]");
    assertThat(requests.running()).isZero();
  }

  private Requests requests(AnswerTap tap) {
    var own = ConfigFactory.parseString("broke.requests.headers-after = 0s").withFallback(CONFIG);
    return new Requests(
        kit.system(),
        RequestSettings.from(new SettingsReader(own)),
        HttpSettings.of(own),
        new PhraseEstimator(),
        node -> false,
        tap);
  }

  /** Looks at answers in a way that has a bug. */
  private static AnswerTap breaksAtTick(int number) {
    var ticks = new AtomicInteger();
    return (call, facts, answer) ->
        (AnswerSide)
            Proxy.newProxyInstance(
                AnswerSide.class.getClassLoader(),
                new Class<?>[] {AnswerSide.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("tick") && ticks.incrementAndGet() == number) {
                    throw new IllegalStateException("a bug");
                  }
                  return method.invoke(answer, arguments);
                });
  }

  private static ChatCall call(boolean stream) {
    var body =
        "{\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"
            .formatted(stream)
            .getBytes(StandardCharsets.UTF_8);
    return new ChatCallReader(true).read(Api.CHAT, RequestId.of("request-1"), body, Map.of());
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private static int status(Throwable failure) {
    return ((ApiException) failure.getCause()).error().status();
  }
}
