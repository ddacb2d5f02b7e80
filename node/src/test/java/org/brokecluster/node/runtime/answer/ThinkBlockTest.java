package org.brokecluster.node.runtime.answer;

import static org.assertj.core.api.Assertions.assertThat;

import org.brokecluster.protocol.node.TokenChunk.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThinkBlockTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "<think>a b</think>c d|a b|c d",
        "  <think>a</think>c|a|c",
        "<think>never closed|never closed|",
        "<think>a</thin|a</thin|",
        "no thinking <think>here</think>||no thinking <think>here</think>",
        "<thin air||<thin air",
        "<th||<th",
        "|| ",
        "<think></think>x||x",
        "<think>a</b></think>x</think>y|a</b>|x</think>y"
      })
  void tellsThinkingFromTheAnswerWhereverItIsCut(String text, String thought, String said) {
    var whole = text == null ? " " : text;
    for (int cut = 0; cut <= whole.length(); cut++) {
      var reasoning = new StringBuilder();
      var content = new StringBuilder();
      var block =
          new ThinkBlock((kind, t) -> (kind == Kind.REASONING ? reasoning : content).append(t));
      block.next(whole.substring(0, cut));
      block.next(whole.substring(cut));
      block.end();

      assertThat(reasoning).hasToString(thought == null ? "" : thought);
      assertThat(content).hasToString(said == null ? "" : said);
    }
  }
}
