package org.brokecluster.node.resume;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.brokecluster.node.runtime.Generation;
import org.brokecluster.node.runtime.GenerationListener;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.ResumeWay;
import org.brokecluster.protocol.node.TokenChunk;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ResumeListenerTest {
  private static final String THINKING = "First I look at the question. ";
  private static final String ANSWER = "Grüße aus Köln: it is 21 °C, 😀 and the wind is calm.";

  private final Heard heard = new Heard();
  private final Asked asked = new Asked();

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void replayLetsOutExactlyWhatTheClientDoesNotHave(long seed) {
    var random = new Random(seed);
    int had = random.nextInt(THINKING.length() + ANSWER.length() + 1);
    var reasoning = THINKING.substring(0, Math.min(had, THINKING.length()));
    var content = ANSWER.substring(0, Math.max(0, had - THINKING.length()));
    var listener = listener(ResumeWay.REPLAY, reasoning, content);

    int chunks = say(random, listener, TokenChunk.Kind.REASONING, THINKING);
    chunks += say(random, listener, TokenChunk.Kind.CONTENT, ANSWER);
    listener.onEnd(FinishReason.STOP, Usage.NONE);

    assertThat(reasoning + heard.reasoning).isEqualTo(THINKING);
    assertThat(content + heard.content).isEqualTo(ANSWER);
    assertThat(heard.ended).isTrue();
    assertThat(asked.more).as("asked again for what was kept back").isEqualTo(chunks - heard.count);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void replayEndsAtTheFirstOtherCharacter(long seed) {
    var random = new Random(seed);
    int had = 2 + random.nextInt(ANSWER.length() - 2);
    int at = random.nextInt(had);
    var other = ANSWER.substring(0, at) + "\u0001" + ANSWER.substring(at + 1);
    var listener = listener(ResumeWay.REPLAY, "", ANSWER.substring(0, had));

    say(random, listener, TokenChunk.Kind.CONTENT, other);
    listener.onEnd(FinishReason.STOP, Usage.NONE);

    assertThat(heard.content.toString()).isEmpty();
    assertThat(heard.failures)
        .singleElement()
        .satisfies(failure -> assertThat(failure.kind()).isEqualTo(AttemptFailure.Kind.DIVERGED));
    assertThat(asked.cancelled).isTrue();
    assertThat(heard.ended).isFalse();
  }

  @Test
  void replayThatEndsTooEarlyIsNoSuccess() {
    var listener = listener(ResumeWay.REPLAY, "", "a long answer");

    listener.onChunk(TokenChunk.content("a long"));
    listener.onEnd(FinishReason.STOP, Usage.NONE);

    assertThat(heard.ended).isFalse();
    assertThat(heard.failures).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          "The capital of France is"       | " Paris."                          | " Paris."
          "The capital of France is"       | "Paris."                           | " Paris."
          "The capital of France"          | "The capital of France is Paris."  | " is Paris."
          "we go to the st"                | "station by bus."                  | "ation by bus."
          "one, two, three,"               | "...three, four"                   | " four"
          "it was an "                     | "apple"                            | "apple"
          "the cat sat on the mat. The do" | "the mat. The dog barked"          | "g barked"
          "I have a"                       | "a cat"                            | " cat"
          "banana"                         | "ana is a name"                    | " ana is a name"
          """)
  void seamRepeatsNothingAndGluesNoWords(String sent, String more, String rest) {
    assertThat(SeamTrim.seam(sent, more)).isEqualTo(rest);
  }

  @Test
  void promptedContinuationLeavesOutNewThinkingAndKeepsTheRest() {
    var listener = listener(ResumeWay.PROMPTED, "", "The answer is");

    listener.onChunk(TokenChunk.reasoning("I was cut off"));
    for (var piece : "The answer is forty-two, as everybody knows.".split("(?<= )", -1)) {
      listener.onChunk(TokenChunk.content(piece));
    }
    listener.onEnd(FinishReason.STOP, Usage.NONE);

    assertThat(heard.reasoning.toString()).isEmpty();
    assertThat(heard.content).hasToString(" forty-two, as everybody knows.");
    assertThat(heard.ended).isTrue();
  }

  @Test
  void promptedContinuationComesInThePiecesItWasMadeIn() {
    var listener = listener(ResumeWay.PROMPTED, "", "one two three");

    for (var piece : List.of("two ", "three", " four", " five")) {
      listener.onChunk(TokenChunk.content(piece));
    }
    listener.onEnd(FinishReason.STOP, Usage.NONE);

    assertThat(heard.pieces).containsExactly(" four", " five");
  }

  static LongStream seeds() {
    return LongStream.range(0, 200);
  }

  private ResumeListener listener(ResumeWay way, String reasoning, String content) {
    var listener = new Resumption(way, reasoning, content, 3).listener(heard);
    listener.attach(asked);
    return listener;
  }

  private static int say(Random random, GenerationListener to, TokenChunk.Kind kind, String text) {
    int count = 0;
    for (int at = 0; at < text.length(); count++) {
      int end = Math.min(text.length(), at + 1 + random.nextInt(6));
      to.onChunk(new TokenChunk(kind, 0, null, null, text.substring(at, end)));
      at = end;
    }
    return count;
  }

  private static final class Asked implements Generation {
    private long more;
    private boolean cancelled;

    @Override
    public void request(long chunks) {
      more += chunks;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }
  }

  private static final class Heard implements GenerationListener {
    private final StringBuilder reasoning = new StringBuilder();
    private final StringBuilder content = new StringBuilder();
    private final List<String> pieces = new ArrayList<>();
    private final List<AttemptFailure> failures = new ArrayList<>();
    private boolean ended;
    private int count;

    @Override
    public void onPrefill(double share) {
      assertThat(share).isBetween(0.0, 1.0);
    }

    @Override
    public void onChunk(TokenChunk chunk) {
      count++;
      pieces.add(chunk.text());
      (chunk.kind() == TokenChunk.Kind.REASONING ? reasoning : content).append(chunk.text());
    }

    @Override
    public void onEnd(FinishReason reason, @Nullable Usage usage) {
      ended = true;
    }

    @Override
    public void onFailure(AttemptFailure failure) {
      failures.add(failure);
    }
  }
}
