package org.brokecluster.node.runtime.openai;

import static org.assertj.core.api.Assertions.assertThat;

import org.brokecluster.node.runtime.openai.PromptMemory.Text;
import org.junit.jupiter.api.Test;

class PromptMemoryTest {
  private final PromptMemory memory = new PromptMemory(3);

  @Test
  void knowsAPromptThatIsAnEarlierOneWithItsAnswer() {
    memory.add(text("Once").append(" upon").append(" a time"));

    assertThat(memory.has(text("Once upon a time"))).isTrue();
    assertThat(memory.has(text("Once upon a"))).isFalse();
    assertThat(memory.has(text("Once upon a time,"))).isFalse();
  }

  @Test
  void forgetsTheOldest() {
    for (var each : new String[] {"a", "b", "c", "d"}) {
      memory.add(text(each));
    }

    assertThat(memory.has(text("a"))).isFalse();
    assertThat(memory.has(text("d"))).isTrue();
  }

  private static Text text(String text) {
    return new Text().append(text);
  }
}
