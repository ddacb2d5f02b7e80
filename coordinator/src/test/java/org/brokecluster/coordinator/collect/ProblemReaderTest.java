package org.brokecluster.coordinator.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.brokecluster.coordinator.collect.ProblemReader.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProblemReaderTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private final ProblemReader reader = new ProblemReader();

  @Test
  void readsAProblemOfMultiPlE() throws Exception {
    var line =
        json(
            "{'name':'HumanEval_0','language':'lua','prompt':'-- check','doctests':'transform',"
                + "'original':'a/b.py','prompt_terminology':'reworded','tests':'lu = 1',"
                + "'stop_tokens':['\\nlocal','\\nfunction'],'unknown':1}");

    var problem = reader.read(line, TextSource.BENCH);

    assertThat(problem.source()).isEqualTo(TextSource.BENCH);
    assertThat(problem.text().path("problem"))
        .hasToString(
            "{\"name\":\"HumanEval_0\",\"language\":\"lua\",\"prompt\":\"-- check\","
                + "\"doctests\":\"transform\",\"original\":\"a/b.py\","
                + "\"prompt_terminology\":\"reworded\",\"tests\":\"lu = 1\","
                + "\"stop_tokens\":[\"\\nlocal\",\"\\nfunction\"]}");
  }

  @Test
  void needsNoMoreThanNameLanguageAndPrompt() throws Exception {
    var problem =
        reader.read(json("{'name':'a','language':'py','prompt':'p'}"), TextSource.HAND).text();

    assertThat(problem.path("problem").path("tests").asText()).isEmpty();
    assertThat(problem.path("problem").path("stop_tokens")).isEmpty();
    assertThat(problem.path("problem").has("broke_metadata")).isFalse();
  }

  @Test
  void countsWhatPassedInABenchmarkRun() throws Exception {
    var run =
        json(
            "{'name':'a','language':'py','prompt':'p','completions':['x','y'],"
                + "'results':[{'status':'OK'},{'status':'Exception'},{'status':'OK'}]}");

    var metadata = reader.read(run, TextSource.BENCH).text().path("problem").path("broke_metadata");

    assertThat(metadata.path("completions").asInt()).isEqualTo(2);
    assertThat(metadata.path("answer").asText()).isEqualTo("x");
    assertThat(metadata.path("passed").asInt()).isEqualTo(2);
    assertThat(metadata.path("tries").asInt()).isEqualTo(3);
  }

  @Test
  void theSameProblemHasTheSameId() throws Exception {
    var one = reader.read(json("{'name':'a','language':'py','prompt':'p'}"), TextSource.HAND);
    var again =
        reader.read(
            json("{'prompt':'p','language':'py','name':'a','tests':'t'}"), TextSource.BENCH);
    var other = reader.read(json("{'name':'b','language':'py','prompt':'p'}"), TextSource.HAND);

    assertThat(again.id()).isEqualTo(one.id()).hasSizeLessThanOrEqualTo(64);
    assertThat(other.id()).isNotEqualTo(one.id());
  }

  @Test
  void whatAClusterHasExportedKeepsTheIdOfItsRequest() throws Exception {
    var exported =
        Problem.line(
            new Problem.Facts("r-1", 1_795_248_000_000L, "agent", null, null, null),
            (ObjectNode) json("{'prompt':'my key is sk-1'}"));
    var redacted = exported.deepCopy().put("prompt", "my key is [key]");
    var renamed = exported.deepCopy().put("name", "mine");

    assertThat(reader.read(exported, TextSource.HAND).id()).isEqualTo("r-1");
    assertThat(reader.read(redacted, TextSource.HAND).id()).isEqualTo("r-1");
    assertThat(reader.read(renamed, TextSource.HAND).id()).startsWith("p-");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "[]|must be a JSON object",
        "{'language':'py','prompt':'p'}|name is missing",
        "{'name':' ','language':'py','prompt':'p'}|name is missing",
        "{'name':'a','prompt':'p'}|language is missing",
        "{'name':'a','language':'p y','prompt':'p'}|language must be a short name",
        "{'name':'a','language':'py'}|prompt is missing",
        "{'name':'a','language':'py','prompt':1}|prompt must be a text",
        "{'name':'a','language':'py','prompt':'p','tests':[]}|tests must be a text",
        "{'name':'a','language':'py','prompt':'p','stop_tokens':'x'}|stop_tokens must be a list",
        "{'name':'a','language':'py','prompt':'p','stop_tokens':[1]}|stop_tokens must be a list of",
        "{'name':'a','language':'py','prompt':'p','results':{}}|results must be a list",
        "{'name':'a','language':'py','prompt':'p','broke_metadata':[]}|must be an object",
        "{'name':'a','language':'py','prompt':'p','broke_metadata':{'source':'x'}}|source must be",
        "{'name':'a','language':'py','prompt':'p','broke_metadata':{'user_rating':6}}|1 to 5",
        "{'name':'a','language':'py','prompt':'p','broke_metadata':{'quality_temperature':2}}|0 to 1"
      })
  void saysWhichFieldIsWrong(String line, String message) {
    assertThatThrownBy(() -> reader.read(json(line), TextSource.HAND))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining(message);
  }

  @Test
  void takesNoTextOfAnyLength() {
    var line = json("{'name':'a','language':'py','prompt':'" + "x".repeat(200_001) + "'}");

    assertThatThrownBy(() -> reader.read(line, TextSource.HAND))
        .hasMessage("prompt has more than 200000 characters");
  }

  private static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text.replace('\'', '"'));
    } catch (java.io.IOException e) {
      throw new AssertionError(text, e);
    }
  }
}
