package org.brokecluster.node.runtime.mlx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.brokecluster.node.Soon;
import org.brokecluster.node.runtime.Prompts;
import org.brokecluster.node.runtime.template.CannotRender;
import org.brokecluster.node.runtime.template.Rendered;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With shell scripts, or a python that has a played mlx_lm, in place of the real one. */
class MlxRendererTest {
  private static final Duration LONG = Soon.LIMIT;

  /** As mlx-lm 0.31 has it, for a model that knows words and begins texts with a token. */
  private static final String TOKENIZER =
      """
      class Tokenizer:
          bos_token = "<s>"
          chat_template = "{{ the source }}"

          def encode(self, text):
              return [ADDED] + [t for t in text.replace("<s>", " <s> ").split(" ") if t]

          def apply_chat_template(self, messages, tokenize, tools=None,
                                  add_generation_prompt=False, **more):
              text = "<s>" + " ".join(m["role"] + " " + m["content"] for m in messages)
              text += " assistant" + (" quick" if more.get("quick") else "")
              return [ADDED] + self.encode(text)[2:] if tokenize else text

      def load(folder):
          print("a word of a library")
          assert folder.name == "Qwen3"
          return Tokenizer()
      """;

  private static final String SERVER =
      """
      def process_message_content(messages):
          for m in messages:
              if isinstance(m["content"], list):
                  m["content"] = "".join(part["text"] for part in m["content"])
      """;

  @TempDir private Path folder;

  @Test
  void rendersByTheServersOwnFunctions() throws Exception {
    var python = python(TOKENIZER.replace("ADDED", "'<s>'"));
    var chat =
        "{'messages':[{'role':'user','content':[{'type':'text','text':'grüße'}]}],"
            + "'chat_template_kwargs':{'quick':true}}";

    var rendered = render(python, chat, "{'messages':[{'role':'user','content':'b'}]}");

    // The tokenizer adds the first token, as for a chat: in the text it would be there twice.
    assertThat(rendered.texts()).containsExactly("user grüße assistant quick", "user b assistant");
    assertThat(rendered.template()).isEqualTo("{{ the source }}");
  }

  @Test
  void isNotSureOfATextThatBecomesOtherTokens() throws Exception {
    var python = python(TOKENIZER.replace("ADDED]", "len(text)]"));

    refuses(python, "ended with code 1");
  }

  @Test
  void isNotSureOfAPythonThatFailsOrAnswersNonsense() throws Exception {
    refuses(script("echo nonsense"), "did not render");
    refuses(script("cat >/dev/null; echo '{\"texts\":[]}'"), "did not render every chat");
    refuses(script("exit 3"), "did not render");
    refuses(folder.resolve("missing"), "did not render");
  }

  @Test
  void endsAPythonThatDoesNotEnd() throws Exception {
    var pid = folder.resolve("pid");
    var python = script("echo $$ > '" + pid + "'; exec sleep 600");
    var renderer = renderer(python, Duration.ofSeconds(3), new Semaphore(1));

    assertThatThrownBy(() -> renderer.render(chats()).toCompletableFuture().join())
        .hasMessageContaining("took too long");

    long id = Long.parseLong(Files.readString(pid).strip());
    Soon.await(
        "it has ended", () -> !ProcessHandle.of(id).map(ProcessHandle::isAlive).orElse(false));
  }

  @Test
  void givesItsTurnBackAndRefusesWhereNoneIsLeft() throws Exception {
    var free = new Semaphore(1);
    var renderer = renderer(script("exit 3"), LONG, free);

    assertThatThrownBy(() -> renderer.render(chats()).toCompletableFuture().join())
        .hasMessageContaining("did not render");
    free.acquire();

    assertThatThrownBy(() -> renderer.render(chats()).toCompletableFuture().join())
        .hasMessageContaining("renders-max");
  }

  private void refuses(Path python, String why) {
    assertThatThrownBy(() -> render(python, "{'messages':[{'role':'user','content':'a'}]}"))
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(CannotRender.class)
        .hasMessageContaining(why);
  }

  private Rendered render(Path python, String... chats) {
    var bodies = Stream.of(chats).map(Prompts::json).toList();
    return renderer(python, LONG, new Semaphore(1)).render(bodies).toCompletableFuture().join();
  }

  private static List<byte[]> chats() {
    return List.of(Prompts.json("{'messages':[{'role':'user','content':'a'}]}"));
  }

  private MlxRenderer renderer(Path python, Duration patience, Semaphore free) {
    return new MlxRenderer(
        python, Path.of("/models/Qwen3"), patience, free, work -> new Thread(work).start());
  }

  /** The python of this machine with a played mlx_lm; there is one on every Mac and in CI. */
  private Path python(String tokenizer) throws IOException {
    var real =
        Stream.of(System.getenv("PATH").split(":", -1))
            .map(place -> Path.of(place, "python3"))
            .filter(Files::isExecutable)
            .findFirst();
    assumeTrue(real.isPresent(), "no python3 on the PATH");
    var site = Files.createDirectories(folder.resolve("site/mlx_lm"));
    Files.writeString(site.resolve("__init__.py"), "");
    Files.writeString(site.resolve("tokenizer_utils.py"), tokenizer);
    Files.writeString(site.resolve("server.py"), SERVER);
    var path = folder.resolve("site");
    return script("PYTHONPATH='%s' exec '%s' \"$@\"".formatted(path, real.get()));
  }

  private Path script(String line) throws IOException {
    var file = Files.createTempFile(folder, "python", "");
    Files.writeString(file, "#!/bin/sh\n" + line + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    return file;
  }
}
