package org.brokecluster.coordinator.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.brokecluster.coordinator.http.error.ApiException;
import org.brokecluster.coordinator.http.openai.ChatCall;
import org.brokecluster.coordinator.http.openai.ChatCallReader;
import org.brokecluster.protocol.edge.KeptProtocol.Head;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Api;
import org.junit.jupiter.api.Test;

class KeptAnswersTest {
  private static final Head HEAD = new Head(200, "application/json", List.of());
  private static final byte[] BODY = "{}".getBytes(StandardCharsets.UTF_8);

  private final AtomicLong now = new AtomicLong();
  private final KeptAnswers answers = new KeptAnswers(new KeepSettings(2, 1 << 20), now::get);

  @Test
  void givesAnAnswerToItsOwnerOnly() {
    answers.keep(call("a")).whole(HEAD, BODY, 0);

    assertThat(read("a", "proof of a")).isEqualTo(BODY);
    assertThat(status("a", "proof of b")).isEqualTo(404);
    assertThat(status("a", "")).isEqualTo(404);
  }

  @Test
  void whatIsNotKeptIsGone() {
    assertThat(status("a", "proof of a")).isEqualTo(410);
  }

  @Test
  void forgetsAnAnswerWhenItsTimeIsOver() {
    answers.keep(call("a")).whole(HEAD, BODY, 0);

    now.set(29_999);
    answers.tick();
    assertThat(read("a", "proof of a")).isEqualTo(BODY);
    now.set(29_999 + 30_000);
    answers.tick();

    assertThat(status("a", "proof of a")).isEqualTo(410);
    assertThat(answers.size()).isZero();
    assertThat(answers.bytes()).isZero();
  }

  @Test
  void makesRoomWithTheOneThatHasBeenAloneForLongest() {
    answers.keep(call("a")).whole(HEAD, BODY, 5);
    answers.keep(call("b")).whole(HEAD, BODY, 3);
    now.set(10);

    assertThat(answers.keep(call("c"))).isNotNull();

    assertThat(read("a", "proof of a")).isEqualTo(BODY);
    assertThat(status("b", "proof of b")).isEqualTo(410);
  }

  @Test
  void takesNoMoreWhenAllAreBeingMade() {
    answers.keep(call("a"));
    answers.keep(call("b"));

    assertThat(answers.keep(call("c"))).isNull();
  }

  private byte[] read(String id, String owner) {
    var part = answers.read(RequestId.of(id), 0, owner).toCompletableFuture();
    assertThat(part).isDone();
    return part.join().bytes();
  }

  private int status(String id, String owner) {
    var read = answers.read(RequestId.of(id), 0, owner).toCompletableFuture();
    var status = new AtomicLong();
    assertThatThrownBy(read::join)
        .satisfies(failure -> status.set(((ApiException) failure.getCause()).error().status()));
    return (int) status.get();
  }

  private static ChatCall call(String id) {
    var body = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"broke\":{\"keep\":30}}";
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    return new ChatCallReader(true)
        .read(Api.CHAT, RequestId.of(id), bytes, Map.of())
        .ownedBy("proof of " + id);
  }
}
