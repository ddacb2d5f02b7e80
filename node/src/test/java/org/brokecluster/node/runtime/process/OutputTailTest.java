package org.brokecluster.node.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputTailTest {
  private final OutputTail tail = new OutputTail(5);

  @Test
  void keepsTheErrorThatEndedAThread() {
    tail.add("Loading\nException in thread Thread-1 (_generate):\nTraceback (most recent ", 1);
    tail.add("call last):\n  File \"x.py\", line 1\n", 2);
    assertThat(tail.raised()).isNull();
    tail.add("mlx_lm.utils.ModelNotFoundError: no such model\nsomething else\n", 3);

    assertThat(tail.raised()).isEqualTo("mlx_lm.utils.ModelNotFoundError: no such model");
    assertThat(tail.raisedAt()).isEqualTo(3);
    assertThat(tail.lastWords()).startsWith("mlx_lm.utils.ModelNotFoundError");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "libc++abi: terminating due to uncaught exception of type std::runtime_error: [METAL]",
        "RuntimeError: [metal::malloc] Resource limit (499000) exceeded.",
        "ModuleNotFoundError: No module named 'mlx_lm'",
        "/bin/sh: 1: exec: mlx_lm.server: not found",
        "llama_model_load: error loading model: tensor not found"
      })
  void knowsAnErrorWhenItSeesOne(String line) {
    tail.add("hello\n" + line + "\nbye", 1);

    assertThat(tail.error()).isEqualTo(line);
  }

  @Test
  void seesThatAPortIsTaken() {
    assertThat(tail.portTaken()).isFalse();
    tail.add("OSError: [Errno 48] Address already in use\n", 1);
    assertThat(tail.portTaken()).isTrue();
  }

  @Test
  void keepsNothingOfRequestsOnceItServes() {
    tail.add("starting\n", 1);
    tail.serving();
    tail.add("{\"messages\": \"my secret\"}\nPOST secret\n", 2);
    assertThat(tail.lastWords()).isEmpty();

    tail.add("ValueError: cannot do '" + "my long secret ".repeat(50) + "'\n", 3);
    assertThat(tail.lastWords()).isEqualTo("ValueError: cannot do '…'");
    tail.add("KeyError: \"secret\"\n", 4);
    assertThat(tail.lastWords()).isEqualTo("KeyError: '…'");
  }

  @Test
  void isBoundedWhateverComes() {
    for (int i = 0; i < 1_000; i++) {
      tail.add("x".repeat(10_000), i);
    }
    tail.add("\n" + "a\n".repeat(1_000) + "the last words", 1);

    assertThat(tail.lastWords()).isEqualTo("the last words");
    tail.add("Error: " + "y".repeat(10_000) + "\n", 2);
    assertThat(tail.lastWords()).hasSizeLessThan(200);
  }
}
