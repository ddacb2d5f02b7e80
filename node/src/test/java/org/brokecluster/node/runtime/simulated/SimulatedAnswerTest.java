package org.brokecluster.node.runtime.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.brokecluster.node.runtime.Prompts;
import org.brokecluster.node.runtime.answer.RequestRefusal;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatedAnswerTest {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final String HELLO = "'messages':[{'role':'user','content':'hello there'}]";
  private static final String WEATHER =
      "'messages':[{'role':'user','content':'What is the weather in Paris?'}],'tools':["
          + "{'type':'function','function':{'name':'play_music','parameters':{}}},"
          + "{'type':'function','function':{'name':'get_weather','parameters':{'type':'object',"
          + "'properties':{'city':{'type':'string'},'days':{'type':'integer','minimum':20},"
          + "'unit':{'enum':['C','F']},'note':{'type':'string'}},"
          + "'required':['city','days','unit']}}}]";

  private final AnswerWriter writer = new AnswerWriter(Simulations.settings(1));

  @Test
  void saysPlainlyThatItIsSimulated() throws Exception {
    assertThat(text(write("{" + HELLO + "}")))
        .startsWith("This is a simulated answer in the name of sim-basic-4b; no model was run. ")
        .endsWith(".");
  }

  @Test
  void dependsOnModelPromptAndSeedAlone() throws Exception {
    var texts = new HashSet<String>();
    texts.add(text(write("{" + HELLO + "}")));
    assertThat(texts).contains(text(write("{" + HELLO + ",'temperature':1,'stream':true}")));

    texts.add(text(write("{" + HELLO + ",'seed':7}")));
    texts.add(text(write("{'messages':[{'role':'user','content':'hello here'}]}")));
    texts.add(text(write("{'messages':[{'role':'system','content':'hello there'}]}")));
    texts.add(text(writer.write(Simulations.BALANCED, read("{" + HELLO + "}"), "", 1000)));

    assertThat(texts).hasSize(5);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void hasANaturalLengthThatFollowsFromTheSeed(int seed) throws Exception {
    var plan = write("{" + HELLO + ",'seed':" + seed + "}");

    assertThat(plan.chunks()).hasSizeBetween(40, 190);
    assertThat(plan.reason()).isEqualTo(FinishReason.STOP);
  }

  @ParameterizedTest(name = "max_tokens {0}")
  @ValueSource(ints = {0, 1, 17})
  void obeysALimitUnderEitherName(int limit) throws Exception {
    for (var key : List.of("max_tokens", "max_completion_tokens")) {
      var plan = write("{" + HELLO + ",'" + key + "':" + limit + "}");

      assertThat(plan.chunks()).hasSize(limit);
      assertThat(plan.reason()).isEqualTo(FinishReason.LENGTH);
    }
  }

  @Test
  void writesExactlyTheLimitWhereTheEndIsToBeIgnored() throws Exception {
    var plan = write("{" + HELLO + ",'max_tokens':700,'ignore_eos':true}");

    assertThat(plan.chunks()).hasSize(700);
    assertThat(plan.reason()).isEqualTo(FinishReason.LENGTH);
  }

  @Test
  void endsWhereTheContextEnds() throws Exception {
    var plan = writer.write(Simulations.BASIC, read("{" + HELLO + "}"), "", 10);

    assertThat(plan.chunks()).hasSize(10);
    assertThat(plan.reason()).isEqualTo(FinishReason.LENGTH);
  }

  @Test
  void stopsBeforeAStopTextEvenAcrossPieces() throws Exception {
    var plan = write("{" + HELLO + ",'stop':['nowhere','ated ans']}");

    assertThat(text(plan)).isEqualTo("This is a simul");
    assertThat(plan.reason()).isEqualTo(FinishReason.STOP);
  }

  @Test
  void obeysAStopTextThatIsNoList() throws Exception {
    assertThat(text(write("{" + HELLO + ",'stop':' no model'}"))).endsWith("4b;");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void goesOnExactlyWhereAnotherBrokeOff(long seed) throws Exception {
    var body = "{" + HELLO + ",'seed':" + seed + "}";
    var whole = text(write(body));
    int cut = new Random(seed).nextInt(whole.length() + 1);

    var rest = writer.write(Simulations.BASIC, read(body), whole.substring(0, cut), 1000);

    assertThat(whole.substring(0, cut) + text(rest)).isEqualTo(whole);
    assertThat(rest.reason()).isEqualTo(FinishReason.STOP);
  }

  @Test
  void bringsAnotherModelsTextToAnEnd() throws Exception {
    var plan = writer.write(Simulations.BASIC, read("{" + HELLO + "}"), "Quite different,", 1000);

    assertThat(text(plan)).startsWith(" ").endsWith(".");
    assertThat(plan.reason()).isEqualTo(FinishReason.STOP);
  }

  @Test
  void callsTheFunctionThatTheQuestionIsAbout() throws Exception {
    var plan = write("{" + WEATHER + "}");

    assertThat(plan.reason()).isEqualTo(FinishReason.TOOL_CALLS);
    assertThat(plan.chunks().get(0).name()).isEqualTo("get_weather");
    assertThat(plan.chunks().get(0).id()).startsWith("call_");
    assertThat(plan.chunks().subList(1, plan.chunks().size()))
        .allSatisfy(chunk -> assertThat(chunk.id()).isNull());
    var arguments = MAPPER.readTree(text(plan));
    assertThat(arguments.path("city").asText()).isEqualTo("Paris");
    assertThat(arguments.path("days").isIntegralNumber()).isTrue();
    assertThat(arguments.path("days").asInt()).isGreaterThanOrEqualTo(20);
    assertThat(arguments.path("unit").asText()).isIn("C", "F");
    assertThat(arguments.has("note")).isFalse();
  }

  @Test
  void callsAFunctionWhenItMust() throws Exception {
    var tools = "," + WEATHER.substring(WEATHER.indexOf("'tools'"));
    assertThat(write("{" + HELLO + tools + "}").reason()).isEqualTo(FinishReason.STOP);

    assertThat(write("{" + HELLO + tools + ",'tool_choice':'required'}").chunks().get(0).name())
        .isEqualTo("play_music");
    var named = ",'tool_choice':{'type':'function','function':{'name':'get_weather'}}";
    assertThat(write("{" + HELLO + tools + named + "}").chunks().get(0).name())
        .isEqualTo("get_weather");
  }

  @Test
  void callsNoFunctionWhenItMustNotOrHasTheResult() throws Exception {
    assertThat(write("{" + WEATHER + ",'tool_choice':'none'}").reason())
        .isEqualTo(FinishReason.STOP);
    var answered =
        WEATHER.replace("Paris?'}]", "Paris?'},{'role':'tool','content':'weather: rain'}]");
    assertThat(write("{" + answered + "}").reason()).isEqualTo(FinishReason.STOP);
  }

  @Test
  void writesValidJsonWhenAskedForAnObject() throws Exception {
    var json =
        MAPPER.readTree(text(write("{" + HELLO + ",'response_format':{'type':'json_object'}}")));

    assertThat(json.path("simulated").asBoolean()).isTrue();
    assertThat(json.path("model").asText()).isEqualTo("sim-basic-4b");
  }

  @Test
  void satisfiesASchema() throws Exception {
    var json =
        schema(
            "{'type':'object','$defs':{'p':{'type':'object','properties':{'x':{'type':'number',"
                + "'maximum':0.5}},'required':['x']}},'properties':{"
                + "'tags':{'type':'array','minItems':3,'items':{'type':'string'}},"
                + "'point':{'$ref':'#/$defs/p'},'ok':{'type':'boolean'},'kind':{'const':'a'},"
                + "'maybe':{'anyOf':[{'type':'null'},{'type':'string'}]},"
                + "'code':{'type':['string','null'],'minLength':40,'maxLength':40}},"
                + "'required':['tags','point','ok','kind','maybe','code'],"
                + "'additionalProperties':false}");

    assertThat(json.path("tags")).hasSize(3);
    assertThat(json.path("point").path("x").asDouble()).isLessThanOrEqualTo(0.5);
    assertThat(json.path("ok").isBoolean()).isTrue();
    assertThat(json.path("kind").asText()).isEqualTo("a");
    assertThat(json.path("maybe").isNull()).isTrue();
    assertThat(json.path("code").asText()).hasSize(40);
    assertThat(json.size()).isEqualTo(6);
  }

  @Test
  void survivesASchemaWithoutEnd() throws Exception {
    assertThat(schema("{'type':'object','properties':{'next':{'$ref':'#'}},'required':['next']}"))
        .isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"'logit_bias':{'5':1}", "'echo':true", "'suffix':'x'"})
  void refusesWhatItWouldIgnore(String field) {
    assertThatThrownBy(() -> read("{" + HELLO + "," + field + "}"))
        .isInstanceOf(RequestRefusal.class)
        .hasMessageContaining("the simulated runtime does not honour");
  }

  @Test
  void takesTheSameWhereItAsksForNothing() throws Exception {
    var idle = "'logit_bias':{},'echo':false,'suffix':''";

    assertThat(text(write("{" + HELLO + "," + idle + "}")))
        .isEqualTo(text(write("{" + HELLO + "}")));
  }

  @Test
  void answersTextCompletions() throws Exception {
    var one = SimulatedRequest.read(Prompts.json("{'prompt':'Once upon'}"), Api.COMPLETION);
    var list = SimulatedRequest.read(Prompts.json("{'prompt':['Once upon']}"), Api.COMPLETION);

    assertThat(text(writer.write(Simulations.BASIC, one, "", 1000)))
        .isEqualTo(text(writer.write(Simulations.BASIC, list, "", 1000)))
        .startsWith("This is a simulated answer");
  }

  @Test
  void readsTextPartsAndTakesPicturesIntoAccount() throws Exception {
    var parts = "{'messages':[{'role':'user','content':[{'type':'text','text':'hello there'}%s]}]}";
    var plain = text(write(parts.formatted("")));
    var picture = text(write(parts.formatted(",{'type':'image_url','image_url':{'url':'x'}}")));

    assertThat(plain).isEqualTo(text(write("{" + HELLO + "}"))).isNotEqualTo(picture);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void cutsTextIntoPiecesThatJoinAgain(long seed) {
    var random = new Random(seed);
    var text =
        random
            .ints(300, 0, 5)
            .mapToObj(kind -> List.of("a", " ", "{", "wörterbuchlang", "🙂").get(kind))
            .collect(Collectors.joining());

    var pieces = WordPieces.cut(text);

    assertThat(String.join("", pieces)).isEqualTo(text);
    assertThat(pieces)
        .allSatisfy(
            piece -> {
              assertThat(piece.codePointCount(0, piece.length())).isBetween(1, 8);
              assertThat(Character.isLowSurrogate(piece.charAt(0))).isFalse();
            });
  }

  private JsonNode schema(String schema) throws IOException, RequestRefusal {
    var format = "'response_format':{'type':'json_schema','json_schema':{'schema':" + schema + "}}";
    return MAPPER.readTree(text(write("{" + HELLO + "," + format + "}")));
  }

  private AnswerPlan write(String body) throws IOException, RequestRefusal {
    return writer.write(ModelId.of("sim-basic-4b"), read(body), "", 1000);
  }

  private static SimulatedRequest read(String body) throws IOException, RequestRefusal {
    return SimulatedRequest.read(Prompts.json(body), Api.CHAT);
  }

  private static String text(AnswerPlan plan) {
    return plan.chunks().stream().map(TokenChunk::text).collect(Collectors.joining());
  }
}
