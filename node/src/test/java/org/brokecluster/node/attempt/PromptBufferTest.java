package org.brokecluster.node.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.LongStream;
import org.brokecluster.node.attempt.PromptBuffer.Outcome;
import org.brokecluster.node.resume.Resumption;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.node.AttemptProtocol;
import org.brokecluster.protocol.node.AttemptProtocol.PromptPart;
import org.brokecluster.protocol.node.AttemptProtocol.PromptPiece;
import org.brokecluster.protocol.node.ResumeWay;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PromptBufferTest {
  private static final AttemptId ATTEMPT = new AttemptId(RequestId.of("r1"), 1);

  static LongStream seeds() {
    return LongStream.range(0, 50);
  }

  /** Goal: an edge that sends as far ahead as it may always gets on, and the prompt comes whole. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void putsAnyPromptTogetherWithinItsCredit(long seed) {
    var random = new Random(seed);
    int pieces = 1 + random.nextInt(100);
    int credit = 2 + random.nextInt(10);
    var whole = new ByteArrayOutputStream();
    var buffer = new PromptBuffer(100 * 64, 1 << 20, credit);
    int allowed = buffer.allowed();
    for (int i = 1; i <= pieces; i++) {
      assertThat(i).as("the edge may send").isLessThanOrEqualTo(allowed);
      var bytes = new byte[random.nextInt(64)];
      random.nextBytes(bytes);
      whole.writeBytes(bytes);
      var outcome = buffer.add(piece(i, PromptPart.BODY, bytes, i == pieces));
      assertThat(outcome).isEqualTo(i == pieces ? Outcome.COMPLETE : Outcome.MORE);
      allowed = buffer.creditDue().orElse(allowed);
      assertThat(allowed - i).as("pieces on their way").isLessThanOrEqualTo(credit);
    }

    assertThat(buffer.body()).isEqualTo(whole.toByteArray());
    assertThat(buffer.resumption()).isEmpty();
  }

  @Test
  void keepsTheEmittedTextApart() {
    var buffer = new PromptBuffer(2, 100, 8);

    var resume = new AttemptProtocol.Resume(ResumeWay.REPLAY, 2);
    buffer.add(new PromptPiece(ATTEMPT, 1, PromptPart.BODY, bytes("{}"), false, resume));
    buffer.add(piece(2, PromptPart.EMITTED_REASONING, bytes("hm"), false));
    buffer.add(piece(3, PromptPart.EMITTED, bytes("grü"), false));
    var outcome = buffer.add(piece(4, PromptPart.EMITTED, bytes("ße"), true));

    assertThat(outcome).isEqualTo(Outcome.COMPLETE);
    assertThat(buffer.body()).isEqualTo(bytes("{}"));
    assertThat(buffer.resumption()).contains(new Resumption(ResumeWay.REPLAY, "hm", "grüße", 2));
  }

  @Test
  void ignoresWhatComesTwiceAndNoticesWhatIsMissing() {
    var buffer = new PromptBuffer(100, 100, 8);
    var first = piece(1, PromptPart.BODY, bytes("a"), false);

    assertThat(buffer.begun()).isFalse();
    assertThat(buffer.add(first)).isEqualTo(Outcome.MORE);
    assertThat(buffer.begun()).isTrue();
    assertThat(buffer.add(first)).isEqualTo(Outcome.REPEATED);
    assertThat(buffer.add(piece(3, PromptPart.BODY, bytes("c"), true))).isEqualTo(Outcome.GAP);
    assertThat(buffer.add(piece(2, PromptPart.BODY, bytes("b"), true))).isEqualTo(Outcome.COMPLETE);
    assertThat(buffer.add(piece(3, PromptPart.BODY, bytes("c"), true))).isEqualTo(Outcome.REPEATED);
    assertThat(buffer.body()).isEqualTo(bytes("ab"));
  }

  @Test
  void takesNoMoreThanAnnouncedOrAllowed() {
    var announced = new PromptBuffer(3, 100, 8);
    announced.add(piece(1, PromptPart.EMITTED, bytes("long enough"), false));
    assertThat(announced.add(piece(2, PromptPart.BODY, bytes("abcd"), true)))
        .isEqualTo(Outcome.TOO_LARGE);

    var allowed = new PromptBuffer(3, 5, 8);
    allowed.add(piece(1, PromptPart.BODY, bytes("abc"), false));
    assertThat(allowed.add(piece(2, PromptPart.EMITTED, bytes("def"), true)))
        .isEqualTo(Outcome.TOO_LARGE);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static PromptPiece piece(int sequence, PromptPart part, byte[] bytes, boolean last) {
    return new PromptPiece(ATTEMPT, sequence, part, bytes, last, null);
  }
}
