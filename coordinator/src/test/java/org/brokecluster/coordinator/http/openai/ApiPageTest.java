package org.brokecluster.coordinator.http.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.brokecluster.coordinator.http.openai.KnownField.Treatment;
import org.brokecluster.protocol.model.Api;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code docs/api.md} has a row for every field that is read of a call, and nothing else. Set
 * {@code BROKE_WRITE_DOCS=true} in the environment to write its tables again.
 */
class ApiPageTest extends ChatCallCase {
  private static final Path PAGE = Path.of("..", "docs", "api.md");
  private static final String END = "<!-- end -->";

  /** Fields of ours in a body. */
  private static final Set<String> OURS = Set.of("broke", "fallbacks");

  /** Fields of servers that say what is left open; they stand in the text of the page. */
  private static final Set<String> OF_SERVERS =
      Set.of("top_k", "min_p", "chat_template_kwargs", "reasoning", "think");

  /** A body that remembers what it was asked for. */
  @SuppressWarnings("unchecked") // of deepCopy, as Jackson declares it
  private static final class Listening extends ObjectNode {
    private static final long serialVersionUID = 1L;
    private final transient Set<String> asked = new TreeSet<>();

    Listening() {
      super(JsonNodeFactory.instance);
    }

    @Override
    public JsonNode get(String name) {
      asked.add(name);
      return super.get(name);
    }
  }

  private static String begin(Api api) {
    return "<!-- fields of a %s: written by ApiPageTest -->"
        .formatted(api == Api.CHAT ? "chat" : "completion");
  }

  private static String table(Api api) {
    return KnownField.of(api).stream()
        .map(
            field ->
                "| `%s` | %s | %s |\n"
                    .formatted(field.name(), field.treatment().label(), field.meaning()))
        .collect(Collectors.joining("", "\n| field | | |\n|---|---|---|\n", ""));
  }

  private static String written(String page, Api api) {
    int from = page.indexOf(begin(api)) + begin(api).length();
    return page.substring(0, from) + table(api) + page.substring(page.indexOf(END, from));
  }

  @ParameterizedTest
  @EnumSource
  void theTableHasExactlyTheFieldsThatAreRead(Api api) {
    var body = new Listening();
    body.putObject("stream_options").put("include_usage", true);
    body.put("stream", true).put("prompt", "x").put("user", "ann");
    body.putArray("messages").addObject().put("role", "user").put("content", "x");

    reader.read(api, REQUEST, "{}".getBytes(UTF_8), body, Map.of());

    body.asked.removeAll(OURS);
    body.asked.removeAll(OF_SERVERS);
    assertThat(body.asked)
        .containsExactlyInAnyOrderElementsOf(
            KnownField.of(api).stream().map(KnownField::name).toList());
  }

  @Test
  void thePageShowsTheTables() throws IOException {
    var page = Files.readString(PAGE);
    var expected = written(written(page, Api.CHAT), Api.COMPLETION);
    if (Boolean.parseBoolean(System.getenv("BROKE_WRITE_DOCS"))) {
      Files.writeString(PAGE, expected);
      page = Files.readString(PAGE);
    }

    assertThat(page).isEqualTo(expected);
  }

  @Test
  void thePageNamesEveryOtherNameThatCanBeSent() throws IOException {
    var page = Files.readString(PAGE);

    assertThat(OF_SERVERS).allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
    assertThat(ExtrasReader.NAMES)
        .allSatisfy(
            name ->
                assertThat(page)
                    .contains(
                        OURS.contains(name)
                            ? "`" + name + "`"
                            : "| `" + ExtrasReader.PREFIX + name + "` |"));
  }

  @Test
  void whatIsCalledRefusedIsRefused() {
    assertThat(KnownField.of(Api.CHAT))
        .filteredOn(field -> field.treatment() == Treatment.REFUSED)
        .isNotEmpty()
        .allSatisfy(
            field -> {
              var error = refused(() -> withHi("'%s':{'a':1}".formatted(field.name())));
              assertThat(error.param()).isEqualTo(field.name());
              assertThat(error.message()).contains(field.meaning());
            });
  }
}
