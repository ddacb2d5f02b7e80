package org.brokecluster.coordinator.http.openai;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.router.Wishes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatCallReaderTest extends ChatCallCase {
  private ChatCall completion(String body) {
    return reader.read(Api.COMPLETION, REQUEST, body.replace('\'', '"').getBytes(UTF_8), Map.of());
  }

  @Test
  void readsTheSmallestCall() {
    var call = withHi("");

    assertThat(call.request()).isEqualTo(REQUEST);
    assertThat(call.model()).isEqualTo("auto");
    assertThat(call.stream()).isFalse();
    assertThat(call.includeUsage()).isFalse();
    assertThat(call.maxTokens()).isNull();
    assertThat(call.needs()).containsExactly(Ability.CHAT);
    assertThat(call.promptTokens()).isBetween(4, 8);
    assertThat(call.wishes()).isEqualTo(Wishes.NONE);
    assertThat(call.text().lastOfUser()).isEqualTo("hi");
  }

  @Test
  void keepsTheBodyByteForByte() {
    var bytes = ("{ " + HI + " ,\n \"unknown\": 1.50 }").getBytes(UTF_8);

    assertThat(reader.read(Api.CHAT, REQUEST, bytes, Map.of()).body()).isSameAs(bytes);
  }

  @Test
  void readsEverythingThatMattersToTheEdge() {
    var call =
        withHi(
            "'model':'lab/Large','stream':true,'stream_options':{'include_usage':true},"
                + "'max_tokens':50,'max_completion_tokens':20,'temperature':0.5,'top_p':1,"
                + "'stop':['a','b'],'seed':7,'user':'ann','n':1,'logprobs':true,'top_logprobs':2,"
                + "'response_format':{'type':'json_schema','json_schema':{'name':'s','schema':{}}},"
                + "'tools':[{'type':'function','function':{'name':'f','parameters':{}}}],"
                + "'tool_choice':{'type':'function','function':{'name':'f'}},"
                + "'logit_bias':{},'presence_penalty':-2,'frequency_penalty':2");

    assertThat(call.model()).isEqualTo("lab/Large");
    assertThat(call.stream()).isTrue();
    assertThat(call.includeUsage()).isTrue();
    assertThat(call.maxTokens()).isEqualTo(20);
    assertThat(call.wishes().user()).isEqualTo("ann");
    assertThat(call.needs())
        .isEqualTo(
            Set.of(
                Ability.CHAT,
                Ability.TOOLS,
                Ability.TOOL_CHOICE,
                Ability.JSON_SCHEMA,
                Ability.LOGPROBS));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "'response_format':{'type':'json_object'}|JSON_OBJECT",
        "'response_format':{'type':'text'}|",
        "'tools':[{'type':'function','function':{'name':'f'}}],'tool_choice':'required'"
            + "|TOOLS TOOL_CHOICE",
        "'tools':[{'type':'function','function':{'name':'f'}}],'tool_choice':'auto'|TOOLS",
        "'tools':[{'type':'function','function':{'name':'f'}}],'tool_choice':'none'|TOOLS"
      })
  void needsWhatNotEveryRuntimeHonours(String fields, String needs) {
    var expected = EnumSet.of(Ability.CHAT);
    for (var need : needs == null ? new String[0] : needs.split(" ")) {
      expected.add(Ability.valueOf(need));
    }

    assertThat(withHi(fields).needs()).isEqualTo(expected);
  }

  @Test
  void takesExplicitNullsAsAbsent() {
    var call =
        withHi(
            "'model':null,'stream':null,'stream_options':null,'max_tokens':null,'stop':null,"
                + "'temperature':null,'tools':null,'tool_choice':null,'n':null,'seed':null,"
                + "'response_format':null,'logprobs':null,'user':null,'broke':null,"
                + "'fallbacks':null");

    assertThat(call.model()).isEqualTo("auto");
    assertThat(call.needs()).containsExactly(Ability.CHAT);
  }

  @Test
  void takesEveryKindOfMessage() {
    var call =
        chat(
            "{'messages':["
                + "{'role':'system','content':'s'},{'role':'developer','content':'d'},"
                + "{'role':'user','content':[{'type':'text','text':'look'},"
                + "{'type':'image_url','image_url':{'url':'data:image/png;base64,AAAA'}}]},"
                + "{'role':'assistant','content':null,'tool_calls':[{'id':'c','type':'function',"
                + "'function':{'name':'f','arguments':'{}'}}]},"
                + "{'role':'tool','tool_call_id':'c','content':'42'},"
                + "{'role':'assistant','content':''},"
                + "{'role':'user','name':'bob','content':'go on'}]}");

    assertThat(call.needs()).isEqualTo(Set.of(Ability.CHAT, Ability.VISION, Ability.TOOLS));
    assertThat(call.text().lastOfUser()).isEqualTo("go on");
    assertThat(call.promptTokens()).isGreaterThan(576);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'messages':[]                                          | messages | empty_array",
        "'messages':{}                                          | messages | invalid_type",
        "'messages':['hi']                                      | messages[0] | invalid_type",
        "'messages':[{'content':'hi'}]                          | messages[0].role | missing",
        "'messages':[{'role':'robot','content':'hi'}]           | messages[0].role | invalid_value",
        "'messages':[{'role':'user'}]                           | messages[0].content | missing",
        "'messages':[{'role':'user','content':null}]            | messages[0].content | missing",
        "'messages':[{'role':'user','content':5}]               | messages[0].content | invalid_type",
        "'messages':[{'role':'user','content':[{'text':'x'}]}]  | messages[0].content[0].type | missing",
        "'messages':[{'role':'user','content':[{'type':'text'}]}] | messages[0].content[0].text | missing",
        "'messages':[{'role':'user','content':[{'type':'file'}]}] | messages[0].content[0].type | unsupported",
        "'messages':[{'role':'user','content':[{'type':'smell'}]}] | messages[0].content[0].type | invalid_value",
        "'messages':[{'role':'tool','content':'x'}]             | messages[0].tool_call_id | missing",
        "'messages':[{'role':'tool','tool_call_id':'c','content':'x'}] | messages[0].tool_call_id | invalid_value",
        "'messages':[{'role':'assistant','tool_calls':[{'id':'c','function':{'name':'f'}}]},{'role':'tool','tool_call_id':'d','content':'x'}] | messages[1].tool_call_id | invalid_value",
        "'messages':[{'role':'function','name':'g','content':'x'}] | messages[0].role | unsupported",
        "'messages':[{'role':'assistant','function_call':{'name':'f'}}] | messages[0].function_call | unsupported",
        "'messages':[{'role':'assistant','audio':{'id':'a'}}]    | messages[0].audio | unsupported",
        "'messages':[{'role':'assistant','tool_calls':[{'id':'c'}]}] | messages[0].tool_calls[0].function | missing",
        "'messages':[{'role':'assistant','tool_calls':[{'function':{}}]}] | messages[0].tool_calls[0].id | missing",
      })
  void namesWhatIsWrongInTheMessages(String body, String param, String code) {
    var error = refused(() -> chat("{" + body + "}"));

    assertThat(error.param()).isEqualTo(param);
    assertThat(error.code()).startsWith(code);
    assertThat(error.message()).contains(param);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'model':5                         | model | invalid_type",
        "'model':' '                       | model | invalid_value",
        "'temperature':2.1                 | temperature | out_of_range",
        "'temperature':-1                  | temperature | out_of_range",
        "'temperature':'hot'               | temperature | invalid_type",
        "'temperature':true                | temperature | invalid_type",
        "'top_p':1.5                       | top_p | out_of_range",
        "'max_tokens':0                    | max_tokens | out_of_range",
        "'max_tokens':1.5                  | max_tokens | invalid_type",
        "'max_tokens':'10'                 | max_tokens | invalid_type",
        "'max_completion_tokens':-1        | max_completion_tokens | out_of_range",
        "'n':2                             | n | unsupported_value",
        "'n':0                             | n | out_of_range",
        "'stream':'true'                   | stream | invalid_type",
        "'stream_options':{}               | stream_options | invalid_value",
        "'stream':true,'stream_options':5  | stream_options | invalid_type",
        "'stream':true,'stream_options':{'include_usage':1} | stream_options.include_usage | invalid_type",
        "'stop':5                          | stop | invalid_type",
        "'stop':['a','b','c','d','e']      | stop | array_too_long",
        "'stop':['a',1]                    | stop[1] | invalid_type",
        "'seed':'x'                        | seed | invalid_type",
        "'seed':1.5                        | seed | invalid_type",
        "'user':5                          | user | invalid_type",
        "'tools':{}                        | tools | invalid_type",
        "'tools':[{'type':'function'}]     | tools[0].function | missing",
        "'tools':[{'function':{'name':'f'}}] | tools[0].type | missing",
        "'tools':[{'type':'web','function':{'name':'f'}}] | tools[0].type | invalid_value",
        "'tools':[{'type':'function','function':{}}] | tools[0].function.name | missing",
        "'tools':[{'type':'function','function':{'name':'a b'}}] | tools[0].function.name | invalid_value",
        "'tools':[{'type':'function','function':{'name':''}}] | tools[0].function.name | invalid_value",
        "'tools':[{'type':'function','function':{'name':'f','strict':1}}] | tools[0].function.strict | invalid_type",
        "'tool_choice':{'type':'allowed_tools'} | tool_choice.type | unsupported",
        "'tool_choice':{'type':'function'} | tool_choice.function | missing",
        "'tool_choice':'required'          | tool_choice | invalid_value",
        "'tool_choice':'maybe'             | tool_choice | invalid_value",
        "'tool_choice':5                   | tool_choice | invalid_type",
        "'tool_choice':{'type':'function','function':{'name':'f'}} | tool_choice | invalid_value",
        "'logprobs':1                      | logprobs | invalid_type",
        "'top_logprobs':3                  | top_logprobs | invalid_value",
        "'logprobs':true,'top_logprobs':21 | top_logprobs | out_of_range",
        "'response_format':'json'          | response_format | invalid_type",
        "'response_format':{'type':'xml'}  | response_format.type | invalid_value",
        "'response_format':{'type':'json_schema'} | response_format.json_schema | missing",
        "'response_format':{'type':'json_schema','json_schema':{}} | response_format.json_schema.name | missing",
        "'response_format':{'type':'json_schema','json_schema':{'name':'s'}} | response_format.json_schema.schema | missing",
        "'response_format':{'type':'json_schema','json_schema':{'name':'s','schema':'x'}} | response_format.json_schema.schema | invalid_type",
        "'response_format':{'type':'json_schema','json_schema':{'name':'s','schema':{'type':'objekt'}}} | response_format.json_schema.schema.type | invalid_schema",
        "'modalities':['audio']            | modalities | unsupported_value",
        "'logit_bias':[]                   | logit_bias | invalid_type",
        "'logit_bias':{'7':101}            | logit_bias | out_of_range",
        "'logit_bias':{'7':'much'}         | logit_bias | out_of_range",
        "'stream':true,'stream_options':{'include_obfuscation':true} | stream_options.include_obfuscation | unsupported",
        "'functions':[{'name':'f'}]        | functions | unsupported_parameter",
        "'function_call':{'name':'f'}      | function_call | unsupported_parameter",
        "'audio':{'voice':'alloy'}         | audio | unsupported_parameter",
        "'web_search_options':{'user_location':{}} | web_search_options | unsupported_parameter",
        "'store':true                      | store | unsupported_value",
        "'service_tier':'flex'             | service_tier | unsupported_value",
        "'verbosity':'low'                 | verbosity | unsupported_value",
        "'metadata':'x'                    | metadata | invalid_type",
        "'prediction':'x'                  | prediction | invalid_type",
        "'prompt_cache_key':1              | prompt_cache_key | invalid_type",
        "'safety_identifier':1             | safety_identifier | invalid_type",
        "'presence_penalty':3              | presence_penalty | out_of_range",
        "'broke':5                         | broke | invalid_type",
        "'broke':{'nod':'x'}               | broke.nod | unknown_parameter",
        "'broke':{'node':[1]}              | broke.node | invalid_type",
        "'broke':{'keep':121}              | broke.keep | invalid_value",
        "'fallbacks':'x'                   | fallbacks | invalid_type",
        "'fallbacks':['a','b','c','d','e','f','g','h','i'] | fallbacks | array_too_long",
        "'fallbacks':['']                  | fallbacks | invalid_value",
      })
  void namesTheFieldThatIsWrong(String field, String param, String code) {
    var error = refused(() -> withHi(field));

    assertThat(error.param()).isEqualTo(param);
    assertThat(error.code()).startsWith(code);
    assertThat(error.message()).isNotBlank();
  }

  @Test
  void takesWhatOfficialClientsAndFrameworksSendWithoutMeaningIt() {
    var call =
        withHi(
            "'user':'ann','metadata':{'run':'7'},'store':false,'service_tier':'auto',"
                + "'verbosity':'medium','prompt_cache_key':'k','prompt_cache_retention':'24h',"
                + "'safety_identifier':'s','prediction':{'type':'content','content':'x'},"
                + "'functions':[],'function_call':'auto','modalities':['text'],'n':1,"
                + "'stream':true,'stream_options':{'include_obfuscation':false},'top_k':5,"
                + "'tools':[{'type':'function','function':{'name':'f-1_A','strict':true}}]");

    assertThat(call.needs()).isEqualTo(Set.of(Ability.CHAT, Ability.TOOLS));
  }

  @Test
  void asksForTheAbilityWhereACompletionHasAFormToo() {
    assertThat(completion("{'prompt':'p','response_format':{'type':'json_object'}}").needs())
        .isEqualTo(Set.of(Ability.COMPLETION, Ability.JSON_OBJECT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "[]", "5", "{'messages':}", "{'a':1} x", "{'a':'\u0001'}", "nul"})
  void refusesWhatIsNoJsonObject(String body) {
    assertThat(refused(() -> chat(body)).code()).isEqualTo("invalid_json");
  }

  @Test
  void saysWhereTheJsonBreaks() {
    var error = refused(() -> chat("{\n  'messages': oops }"));

    assertThat(error.message()).contains("line 2").doesNotContain("oops");
  }

  @Test
  void refusesInvalidUtf8AndOtherEncodings() {
    var broken = ("{" + HI + "}").getBytes(UTF_8);
    broken[broken.length - 5] = (byte) 0xC0;
    var wide = ("{" + HI + "}").getBytes(UTF_16LE);

    assertThat(refused(() -> reader.read(Api.CHAT, REQUEST, broken, Map.of())).message())
        .contains("byte " + (broken.length - 5));
    assertThat(refused(() -> reader.read(Api.CHAT, REQUEST, wide, Map.of())).message())
        .contains("UTF-8");
  }

  @Test
  void refusesBodiesMadeToBlowUp() {
    var deep = "{'messages':" + "[".repeat(10_000) + "]".repeat(10_000) + "}";
    var many = "{'messages':[" + "0,".repeat(600_000) + "0]}";

    assertThat(refused(() -> chat(deep)).message()).contains("nesting");
    assertThat(refused(() -> chat(many)).message()).contains("more JSON values");
  }

  @Test
  void takesALongMessage() {
    var call = chat("{'messages':[{'role':'user','content':'" + "word ".repeat(1_000_000) + "'}]}");

    assertThat(call.promptTokens()).isBetween(800_000, 1_400_000);
    assertThat(call.text().length()).isLessThan(70_000);
    assertThat(call.prefix()).hasSizeBetween(20, 64);
  }

  @Test
  void readsACompletion() {
    var call = completion("{'prompt':'Once upon','max_tokens':5,'echo':true,'suffix':'.'}");

    assertThat(call.api()).isEqualTo(Api.COMPLETION);
    assertThat(call.needs()).containsExactly(Ability.COMPLETION);
    assertThat(call.maxTokens()).isEqualTo(5);
    assertThat(call.text().lastOfUser()).isEqualTo("Once upon");
    assertThat(completion("{'prompt':['one']}").text().lastOfUser()).isEqualTo("one");
    assertThat(completion("{'prompt':'p','logprobs':2}").needs()).contains(Ability.LOGPROBS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                          | prompt | missing",
        "{'prompt':''}               | prompt | empty_string",
        "{'prompt':[]}               | prompt | empty_array",
        "{'prompt':['a','b']}        | prompt | unsupported_value",
        "{'prompt':[1,2,3]}          | prompt | unsupported_value",
        "{'prompt':{}}               | prompt | invalid_type",
        "{'prompt':'x','best_of':2}  | best_of | unsupported_value",
        "{'prompt':'x','logprobs':6} | logprobs | out_of_range",
        "{'prompt':'x','echo':1}     | echo | invalid_type",
      })
  void namesWhatIsWrongInACompletion(String body, String param, String code) {
    var error = refused(() -> completion(body));

    assertThat(error.param()).isEqualTo(param);
    assertThat(error.code()).startsWith(code);
  }

  @Test
  void showsNothingOfTheClientsTextInItsOwn() {
    var call = withHi("'model':'secret-model'");

    assertThat(call.toString()).contains("r-1").doesNotContain("hi\"").doesNotContain("secret");
  }
}
