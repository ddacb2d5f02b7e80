package org.brokecluster.coordinator.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.stream.testkit.TestSubscriber;
import akka.stream.testkit.javadsl.TestSink;
import akka.util.ByteString;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.brokecluster.coordinator.http.ClientStream.Offer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import scala.concurrent.duration.FiniteDuration;

class ClientStreamTest {
  private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
  private static final Duration SILENCE = Duration.ofSeconds(4);

  private final Heard heard = new Heard();
  private final ClientStream stream = new ClientStream(100, SILENCE, heard);

  private static final class Heard implements ClientStream.Listener {
    private final List<String> words = new CopyOnWriteArrayList<>();

    @Override
    public void onDrained(int bytes, long total) {
      words.add(bytes + "/" + total);
    }

    @Override
    public void onCancelled() {
      words.add("cancelled");
    }
  }

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private TestSubscriber.Probe<ByteString> run() {
    return stream.source().runWith(TestSink.create(KIT.system()), KIT.system());
  }

  private Offer offer(String text) {
    return stream.offer(text.getBytes(US_ASCII), text.length());
  }

  private static void expect(TestSubscriber.Probe<ByteString> probe, String text) {
    assertThat(probe.expectNext().utf8String()).isEqualTo(text);
  }

  private static void expectNothing(TestSubscriber.Probe<ByteString> probe) {
    probe.expectNoMessage(FiniteDuration.apply(50, "millis"));
  }

  @Test
  void sendsWhatIsOfferedWhileTheClientWaits() {
    var client = run();
    client.request(1);

    assertThat(offer("one")).isEqualTo(Offer.TAKEN);

    expect(client, "one");
  }

  @Test
  void joinsEverythingThatGatheredIntoOneChunk() {
    var client = run();
    client.ensureSubscription();

    offer("one ");
    offer("two ");
    offer("three");
    client.request(1);

    expect(client, "one two three");
    assertThat(stream.waiting()).isZero();
  }

  @Test
  void takesOffersBeforeItRuns() {
    offer("early");

    var client = run();
    client.request(1);

    expect(client, "early");
  }

  @Test
  void refusesWholeWhatHasNoRoomAndSaysSo() {
    assertThat(offer("x".repeat(60))).isEqualTo(Offer.TAKEN);
    assertThat(offer("y".repeat(41))).isEqualTo(Offer.FULL);
    assertThat(offer("z".repeat(40))).isEqualTo(Offer.TAKEN);

    var client = run();
    client.request(1);
    expect(client, "x".repeat(60) + "z".repeat(40));
    assertThat(offer("y".repeat(41))).isEqualTo(Offer.TAKEN);
  }

  @Test
  void takesOneOfferLargerThanTheBoundIfNothingWaits() {
    assertThat(offer("x".repeat(500))).isEqualTo(Offer.TAKEN);
    assertThat(offer("y")).isEqualTo(Offer.FULL);
  }

  @Test
  void tellsHowMuchWasTaken() {
    var client = run();
    client.request(2);
    offer("four");
    expect(client, "four");
    offer("sixsix");
    expect(client, "sixsix");

    assertThat(heard.words).containsExactly("4/4", "6/10");
  }

  @Test
  void completesAfterTheLastByte() {
    var client = run();
    offer("last");
    stream.complete();
    assertThat(offer("late")).isEqualTo(Offer.ENDED);
    client.request(1);

    expect(client, "last");
    client.expectComplete();
    assertThat(heard.words).containsExactly("4/4");
  }

  @Test
  void completesAtOnceWhenNothingWaits() {
    var client = run();
    client.request(1);
    stream.complete();

    client.expectComplete();
    assertThat(heard.words).isEmpty();
  }

  @Test
  void breaksTheConnectionAfterTheLastByteOfABrokenAnswer() {
    var client = run();
    offer("half an answer");
    stream.fail();
    client.request(1);

    expect(client, "half an answer");
    client.expectError();
  }

  @Test
  void tellsThatTheClientIsGone() {
    var client = run();
    client.ensureSubscription();
    client.cancel();

    awaitHeard("cancelled");
    assertThat(offer("too late")).isEqualTo(Offer.ENDED);
  }

  @Test
  void tellsThatTheClientLeftBeforeTheLastByteOfACompleteAnswer() {
    var client = run();
    client.ensureSubscription();
    offer("never read");
    stream.complete();
    client.cancel();

    awaitHeard("cancelled");
  }

  @Test
  void keepsASilentStreamAliveWithComments() {
    var client = run();
    client.request(3);
    expectNothing(client);

    ManualTime.get(KIT.system()).timePasses(SILENCE);
    expect(client, ": keep-alive\n\n");

    stream.comment("waiting,\nplace 3");
    ManualTime.get(KIT.system()).timePasses(SILENCE);
    expect(client, ": waiting, place 3\n\n");
    offer("word");
    expect(client, "word");
    assertThat(heard.words).containsExactly("4/4");
  }

  @Test
  void sendsNoCommentWhileWordsFlow() {
    var client = run();
    client.request(10);
    expectNothing(client);

    for (int i = 0; i < 4; i++) {
      ManualTime.get(KIT.system()).timePasses(SILENCE.dividedBy(2));
      offer("word");
      expect(client, "word");
    }

    expectNothing(client);
  }

  @Test
  void runsOnceOnly() {
    var client = run();
    client.request(1);

    run().expectSubscriptionAndError();

    offer("still there");
    expect(client, "still there");
    assertThat(heard.words).containsExactly("11/11");
  }

  private void awaitHeard(String word) {
    KIT.createTestProbe()
        .awaitAssert(
            () -> {
              assertThat(heard.words).containsExactly(word);
              return null;
            });
  }
}
