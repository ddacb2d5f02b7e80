package org.brokecluster.node.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import org.brokecluster.node.attempt.TokenWindow.Added;
import org.brokecluster.protocol.node.TokenChunk;
import org.brokecluster.shared.config.SettingsReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TokenWindowTest {
  private static final StreamSettings SETTINGS =
      StreamSettings.from(new SettingsReader(ConfigFactory.load()));

  private final TokenWindow window = new TokenWindow(SETTINGS);

  static LongStream seeds() {
    return LongStream.range(0, 100);
  }

  @Test
  void sendsEachTokenAtOnceWhileTheWindowIsOpen() {
    for (int i = 1; i <= 8; i++) {
      window.add(TokenChunk.content("t" + i));
      assertThat(window.next()).containsExactly(TokenChunk.content("t" + i));
      assertThat(window.sequence()).isEqualTo(i);
      assertThat(window.next()).isNull();
    }
    window.add(TokenChunk.content("t9"));
    assertThat(window.next()).as("the window is shut").isNull();
    assertThat(window.allSent()).isFalse();
  }

  @Test
  void gathersNeighboursWhileTheWindowIsShut() {
    shut();

    window.add(TokenChunk.content("a"));
    window.add(TokenChunk.content("b"));
    window.add(TokenChunk.reasoning("c"));
    window.add(new TokenChunk(TokenChunk.Kind.TOOL_CALL, 0, "id", "f", "{"));
    window.add(new TokenChunk(TokenChunk.Kind.TOOL_CALL, 0, null, null, "}"));
    window.add(new TokenChunk(TokenChunk.Kind.TOOL_CALL, 1, "id2", "g", "{}"));
    window.ack(1);

    assertThat(window.next())
        .containsExactly(
            TokenChunk.content("ab"),
            TokenChunk.reasoning("c"),
            new TokenChunk(TokenChunk.Kind.TOOL_CALL, 0, "id", "f", "{}"),
            new TokenChunk(TokenChunk.Kind.TOOL_CALL, 1, "id2", "g", "{}"));
    assertThat(window.allSent()).isTrue();
    assertThat(window.buffered()).isZero();
  }

  @Test
  void countsWhatItJoinsAndWhatItSplitsAsWhatTheRuntimeMade() {
    shut();
    window.add(TokenChunk.content("a"));
    window.add(TokenChunk.content("b"));
    window.add(TokenChunk.reasoning("c"));
    window.add(new TokenChunk(TokenChunk.Kind.TOOL_CALL, 0, "id", "f", "{}"));
    window.ack(1);
    assertThat(window.next()).hasSize(3);
    assertThat(window.tokens()).isEqualTo(3);

    window.ack(window.sequence());
    window.add(TokenChunk.content("x".repeat(SETTINGS.batchBytes() + 1)));

    int tokens = 0;
    for (var batch = window.next(); batch != null; batch = window.next()) {
      tokens += window.tokens();
    }
    assertThat(tokens).isEqualTo(1);
  }

  @Test
  void keepsTokensApartThatHaveLogProbabilities() {
    shut();
    var logprobs = new TokenChunk(TokenChunk.Kind.LOGPROBS, 0, null, null, "{}");

    window.add(TokenChunk.content("a"));
    window.add(logprobs);
    window.add(TokenChunk.content("b"));
    window.add(logprobs);
    window.ack(1);

    assertThat(window.next())
        .containsExactly(TokenChunk.content("a"), logprobs, TokenChunk.content("b"), logprobs);
  }

  @Test
  void neverHoldsMoreThanItMay() {
    shut();
    var added = Added.FITS;
    int tokens = 0;
    while (added == Added.FITS) {
      added = window.add(TokenChunk.content("twenty bytes of text"));
      tokens++;
    }

    assertThat(added).isEqualTo(Added.FULL);
    assertThat(window.full()).isTrue();
    assertThat(tokens * 20L).isBetween(1_000_000L, 1L << 20);
  }

  @Test
  void countsWhatSmallChunksCostBesideTheirText() {
    shut();
    int chunks = 0;
    while (window.add(new TokenChunk(TokenChunk.Kind.LOGPROBS, 0, null, null, "")) == Added.FITS) {
      chunks++;
    }

    assertThat(chunks).isLessThan(20_000);
  }

  @Test
  void ignoresAcknowledgementsOfWhatWasNotSent() {
    window.add(TokenChunk.content("a"));
    window.next();

    assertThat(window.ack(2)).isFalse();
    assertThat(window.outstanding()).isEqualTo(1);
    assertThat(window.ack(1)).isTrue();
    assertThat(window.ack(1)).isFalse();
    assertThat(window.outstanding()).isZero();
  }

  @Test
  void splitsWhatIsTooLargeForABatch() {
    var text = "grüße 😀".repeat(20_000);

    assertThat(window.add(new TokenChunk(TokenChunk.Kind.TOOL_CALL, 2, "id", "f", text)))
        .isEqualTo(Added.FITS);

    var sent = drain();
    assertThat(sent).hasSizeGreaterThan(5);
    assertThat(textOf(sent)).isEqualTo(text);
    assertThat(sent.get(0).name()).isEqualTo("f");
    assertThat(sent.stream().skip(1)).allMatch(chunk -> chunk.id() == null && chunk.index() == 2);
    assertThat(sent).noneMatch(chunk -> chunk.text().startsWith("\ude00"));
    var endless = new TokenChunk(TokenChunk.Kind.LOGPROBS, 0, null, null, "x".repeat(200_000));
    assertThat(window.add(endless)).isEqualTo(Added.UNSENDABLE);
  }

  /** Goal: whatever the pace of either side, the text comes whole, in order, in bounded batches. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void losesAndReordersNothing(long seed) {
    var random = new Random(seed);
    var given = new ArrayList<TokenChunk>();
    var sent = new ArrayList<TokenChunk>();
    long acked = 0;
    for (int step = 0; step < 500; step++) {
      if (random.nextInt(3) > 0) {
        var text = random.nextInt(50) == 0 ? "x".repeat(40_000) : "é" + step + " ";
        var chunk = random.nextInt(4) == 0 ? TokenChunk.reasoning(text) : TokenChunk.content(text);
        given.add(chunk);
        window.add(chunk);
      }
      if (random.nextBoolean()) {
        var batch = window.next();
        if (batch != null) {
          assertThat(batch).isNotEmpty().hasSizeLessThanOrEqualTo(SETTINGS.batchChunks());
          assertThat(batch.stream().mapToInt(chunk -> Utf8.length(chunk.text())).sum())
              .isLessThanOrEqualTo(SETTINGS.batchBytes());
          sent.addAll(batch);
        }
      }
      if (random.nextInt(4) == 0 && acked < window.sequence()) {
        acked += 1 + random.nextInt((int) (window.sequence() - acked));
        assertThat(window.ack(acked)).isTrue();
      }
      assertThat(window.outstanding()).isBetween(0L, (long) SETTINGS.window());
    }
    sent.addAll(drain());

    assertThat(labelled(sent)).isEqualTo(labelled(given));
    assertThat(window.buffered()).isZero();
  }

  private List<TokenChunk> drain() {
    var all = new ArrayList<TokenChunk>();
    while (!window.allSent()) {
      window.ack(window.sequence());
      all.addAll(Objects.requireNonNull(window.next()));
    }
    return all;
  }

  /** The text with a mark wherever its kind changes. */
  private static String labelled(List<TokenChunk> chunks) {
    var text = new StringBuilder();
    TokenChunk.Kind before = null;
    for (var chunk : chunks) {
      if (chunk.kind() != before) {
        text.append('[').append(chunk.kind()).append(']');
        before = chunk.kind();
      }
      text.append(chunk.text());
    }
    return text.toString();
  }

  private static String textOf(List<TokenChunk> chunks) {
    var text = new StringBuilder();
    chunks.forEach(chunk -> text.append(chunk.text()));
    return text.toString();
  }

  private void shut() {
    for (int i = 0; i < SETTINGS.window(); i++) {
      window.add(TokenChunk.content("x"));
      window.next();
    }
  }
}
