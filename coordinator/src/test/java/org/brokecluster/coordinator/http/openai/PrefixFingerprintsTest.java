package org.brokecluster.coordinator.http.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.brokecluster.protocol.router.RequestFacts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixFingerprintsTest {
  private static List<Long> of(String... messages) {
    var fingerprints = new PrefixFingerprints();
    for (var message : messages) {
      fingerprints.text(message);
      fingerprints.endMessage();
    }
    return fingerprints.build();
  }

  private static String random(long seed, int length) {
    var text = new StringBuilder(length);
    new Random(seed).ints(length, 'a', 'z' + 1).forEach(c -> text.append((char) c));
    return text.toString();
  }

  @Test
  void sharesTheFingerprintsOfWhatIsShared() {
    var before = of("system", "first question", "first answer");
    var after = of("system", "first question", "first answer", "second question");

    assertThat(after.subList(0, 3)).isEqualTo(before);
    assertThat(after).hasSize(4);
  }

  @Test
  void sharesNothingAfterTheFirstDifference() {
    var one = of("system", "question", "answer");
    var other = of("system", "Question", "answer");

    assertThat(other.get(0)).isEqualTo(one.get(0));
    assertThat(other.subList(1, 3)).doesNotContainAnyElementsOf(one);
  }

  @Test
  void tellsWhereMessagesEnd() {
    assertThat(of("ab", "c")).doesNotContainAnyElementsOf(of("a", "bc"));
  }

  @Test
  void doesNotDependOnHowTextComesIn() {
    var text = random(1, 10_000);
    var whole = new PrefixFingerprints();
    whole.text(text);
    var pieces = new PrefixFingerprints();
    for (int i = 0; i < text.length(); i += 7) {
      pieces.text(text.substring(i, Math.min(text.length(), i + 7)));
    }

    assertThat(pieces.build()).isEqualTo(whole.build()).hasSize(2);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void staysWithinItsBoundHoweverLongThePrompt(long seed) {
    var random = new Random(seed);
    var messages = new String[random.nextInt(100) + 1];
    for (int i = 0; i < messages.length; i++) {
      messages[i] = random(seed + i, random.nextInt(10_000));
    }

    var fingerprints = of(messages);

    assertThat(fingerprints).hasSizeBetween(1, RequestFacts.PREFIX_MAX).doesNotHaveDuplicates();
  }

  @Test
  void stillMeetsInTheMiddleOfDocumentsOfDifferentLength() {
    var document = random(1, 2_000_000);

    var part = of(document.substring(0, 1_200_000));
    var all = of(document);

    var shared = new HashSet<>(all);
    shared.retainAll(part);
    assertThat(shared).hasSizeGreaterThan(10);
  }

  @Test
  void remembersTheLastTurnsOfALongConversation() {
    var turns = new String[100];
    for (int i = 0; i < turns.length; i++) {
      turns[i] = "turn " + i;
    }
    var before = of(List.of(turns).subList(0, 98).toArray(String[]::new));

    assertThat(of(turns)).contains(before.get(before.size() - 1));
  }
}
