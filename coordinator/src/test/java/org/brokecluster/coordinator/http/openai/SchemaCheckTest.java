package org.brokecluster.coordinator.http.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaCheckTest extends ChatCallCase {
  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text.replace('\'', '"'));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'type':'object','properties':{'type':{'type':['string','null']}},'required':['type'],"
            + "'additionalProperties':false}",
        "{'$defs':{'N':{'type':'object','properties':{'next':{'$ref':'#/$defs/N'}}}},"
            + "'$ref':'#/$defs/N'}",
        "{'type':'object','properties':{'self':{'$ref':'#'}}}",
        "{'definitions':{'A b':{'enum':[1,null]}},'$ref':'#/definitions/A%20b'}",
        "{'anyOf':[{'type':'string','minLength':3,'format':'date'},{'const':{'type':'objekt'}}]}",
        "{'type':'array','items':{'type':'integer'},'prefixItems':[true,{'type':'null'}]}",
        "{'type':'object','default':{'type':'objekt'},'title':'x','x-own':{'type':5}}",
      })
  void takesWhatMeansSomething(String schema) {
    assertThatCode(() -> SchemaCheck.check(json(schema), "s")).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]                                             | s",
        "true                                           | s",
        "{'type':'objekt'}                              | s.type",
        "{'type':[]}                                    | s.type",
        "{'type':['string','text']}                     | s.type",
        "{'type':5}                                     | s.type",
        "{'properties':[]}                              | s.properties",
        "{'properties':{'a':{'type':'int'}}}            | s.properties.a.type",
        "{'properties':{'a':'string'}}                  | s.properties.a",
        "{'items':{'items':{'type':'x'}}}               | s.items.items.type",
        "{'items':[{'type':'x'}]}                       | s.items[0].type",
        "{'anyOf':{}}                                   | s.anyOf",
        "{'anyOf':[]}                                   | s.anyOf",
        "{'oneOf':[{},{'not':{'type':'x'}}]}            | s.oneOf[1].not.type",
        "{'additionalProperties':'no'}                  | s.additionalProperties",
        "{'required':true}                              | s.required",
        "{'required':[1]}                               | s.required",
        "{'enum':[]}                                    | s.enum",
        "{'$ref':'#/$defs/Missing'}                     | s.$ref",
        "{'$ref':'https://example.org/s.json'}          | s.$ref",
        "{'$defs':{'A':{'type':'x'}}}                   | s.$defs.A.type",
      })
  void namesThePlaceOfTheFirstMistake(String schema, String place) {
    var error = refused(() -> SchemaCheck.check(json(schema), "s"));

    assertThat(error.param()).isEqualTo(place);
    assertThat(error.message()).startsWith(place + " must ");
  }

  @Test
  void ofALongNameSaysOnlyTheBeginning() {
    var schema = "{'properties':{'" + "n".repeat(5_000) + "':{'type':'x'}}}";

    assertThat(refused(() -> SchemaCheck.check(json(schema), "s")).message()).hasSizeLessThan(300);
  }
}
