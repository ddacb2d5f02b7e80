package org.brokecluster.node.runtime.template;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.function.Function;
import org.brokecluster.node.runtime.Prompts;
import org.brokecluster.node.runtime.Spoken;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates are played by functions that write turns as those of well-known models do. */
class RawPromptTest {
  private static final String CHAT = "{'messages':[{'role':'user','content':'Why?'}],'top_p':1}";
  private static final String QWEN3 = "... '<think>\\n' + r + '\\n</think>\\n\\n' + c ...";
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final Spoken SAID = new Spoken("", "Because it");
  private static final Spoken THOUGHT = new Spoken("\nHm, hm.\n", "Because it");

  /** Turns between fixed texts, as most templates write them. */
  private record Style(String user, String end, String assistant, String asks) {
    String write(JsonNode body) {
      var text = new StringBuilder();
      for (var message : body.path("messages")) {
        boolean asking = message.path("role").asText().equals("user");
        text.append(asking ? user : assistant).append(message.path("content").asText());
        text.append(end);
      }
      return text + asks;
    }
  }

  private static final Style CHATML =
      new Style(
          "<|im_start|>user\n",
          "<|im_end|>\n",
          "<|im_start|>assistant\n",
          "<|im_start|>assistant\n");
  private static final String ASKED = "<|im_start|>user\nWhy?<|im_end|>\n<|im_start|>assistant\n";

  @Test
  void putsTheAnswerBehindTheGenerationPrompt() throws Exception {
    assertThat(prompt(CHATML::write, "", SAID)).isEqualTo(ASKED + "Because it");
  }

  @Test
  void keepsTheSpaceWithWhichATemplateBeginsAnAnswer() throws Exception {
    var mistral = new Style("[INST] ", "", " [/INST] ", " [/INST]");

    assertThat(prompt(mistral::write, "", SAID)).isEqualTo("[INST] Why? [/INST] Because it");
    assertThat(prompt(mistral::write, "", new Spoken("", " As")))
        .isEqualTo("[INST] Why? [/INST] As");
  }

  @Test
  void writesThinkingAsTheTemplateDoes() throws Exception {
    assertThat(prompt(CHATML::write, QWEN3, THOUGHT))
        .isEqualTo(ASKED + "<think>\nHm, hm.\n</think>\n\nBecause it");
  }

  @Test
  void goesOnInABlockThatTheTemplateOpens() throws Exception {
    assertThat(prompt(body -> CHATML.write(body) + "<think>\n", "", THOUGHT))
        .isEqualTo(ASKED + "<think>\nHm, hm.\n</think>\n\nBecause it");
  }

  @Test
  void goesOnBehindABlockThatTheTemplateCloses() throws Exception {
    assertThat(prompt(body -> CHATML.write(body) + "<think>\n\n</think>\n\n", QWEN3, SAID))
        .isEqualTo(ASKED + "<think>\n\n</think>\n\nBecause it");
  }

  @Test
  void isNotSureOfThinkingThatNoTemplateShows() {
    refuses(CHATML::write, "{{ messages }}", THOUGHT, "marks its thinking");
    refuses(body -> CHATML.write(body) + "<think>", QWEN3, THOUGHT, "marks its thinking");
    refuses(body -> CHATML.write(body) + "<think>\n\n</think>", QWEN3, THOUGHT, "marks its");
    refuses(body -> CHATML.write(body) + "<think>\n", QWEN3, SAID, "to think first");
  }

  @Test
  void isNotSureWhereAnswersStandElsewhereThanTheyAreAskedFor() {
    var channels =
        new Style("<|start|>user<|message|>", "<|end|>", "<|start|>assistant<|channel|>final", "");

    refuses(body -> channels.write(body) + "<|start|>assistant", "", SAID, "in another way");
  }

  @Test
  void isNotSureOfATemplateThatLosesOrRepeatsWords() {
    refuses(body -> ASKED, "", SAID, "leaves out or repeats");
    refuses(body -> CHATML.write(body) + CHATML.write(body), "", SAID, "leaves out or repeats");
    refuses(
        body -> body.path("messages").size() > 1 ? "x" : CHATML.write(body), "", SAID, "leaves");
  }

  @Test
  void isNotSureOfAChatThatDoesNotEndByAsking() {
    Function<JsonNode, String> mute =
        body -> CHATML.write(body).replace("Why?<|im_end|>\n<|im_start|>assistant\n", "Why?");

    refuses(mute, "", SAID, "does not end by asking");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'messages':[{'role':'user','content':[{'type':'image_url','image_url':{}}]}]}",
        "{'messages':[]}",
        "{'prompt':'x'}",
        "no json"
      })
  void rendersNothingButTexts(String chat) {
    assertThatThrownBy(() -> RawPrompt.chats(Prompts.json(chat))).isInstanceOf(CannotRender.class);
  }

  @Test
  void asksForTheTinyChatsUnderTheSameConditions() throws Exception {
    var chat =
        "{'messages':[{'role':'user','content':'Why?'}],'chat_template_kwargs':"
            + "{'enable_thinking':false}}";

    assertThat(RawPrompt.chats(Prompts.json(chat)))
        .hasSize(3)
        .allSatisfy(
            each -> assertThat(new String(each, UTF_8)).contains("\"enable_thinking\":false"));
  }

  private static void refuses(
      Function<JsonNode, String> template, String source, Spoken said, String why) {
    assertThatThrownBy(() -> prompt(template, source, said))
        .isInstanceOf(CannotRender.class)
        .hasMessageContaining(why);
  }

  private static String prompt(Function<JsonNode, String> template, String source, Spoken said)
      throws CannotRender, IOException {
    var chat = Prompts.json(CHAT);
    var texts = new ArrayList<String>();
    for (var each : RawPrompt.chats(chat)) {
      texts.add(template.apply(MAPPER.readTree(each)));
    }
    return RawPrompt.of(new Rendered(source, texts), chat, said);
  }
}
