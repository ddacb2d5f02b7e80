package org.brokecluster.coordinator.history.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonCursorTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final List<String> TEXTS =
      List.of("", "plain", "say \"hi\"", "C:\\", "[{", "}],", "Gr\u00fc\u00dfe", "\n\t");

  @Test
  void findsTheEndOfWhateverItPassesOver() throws IOException {
    var random = new Random(7);
    for (int round = 0; round < 300; round++) {
      var value = object(random, 4);
      boolean pretty = random.nextBoolean();
      var json =
          pretty
              ? MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(value)
              : MAPPER.writeValueAsBytes(value);
      var cursor = cursor(json);

      cursor.skip();

      assertThat(cursor.position())
          .as(new String(json, StandardCharsets.UTF_8))
          .isEqualTo(json.length);
    }
  }

  @Test
  void readsFieldsAsAParserDoes() throws IOException {
    var random = new Random(11);
    for (int round = 0; round < 300; round++) {
      var value = object(random, 2);
      var json = MAPPER.writeValueAsBytes(value);
      var cursor = cursor(json);
      var names = new KnownNames<String>(8, text -> text);
      var read = JsonNodeFactory.instance.objectNode();
      cursor.open('{');
      for (var name = cursor.field(); !name.isEmpty(); name = cursor.field()) {
        var expected = value.get(name);
        if (expected.isTextual()) {
          read.put(name, cursor.text(names));
        } else if (expected.isIntegralNumber()) {
          read.put(name, cursor.integer());
        } else if (expected.isBoolean()) {
          read.put(name, cursor.truth());
        } else if (cursor.passedNull()) {
          read.putNull(name);
        } else {
          int start = cursor.position();
          cursor.skip();
          read.set(name, MAPPER.readTree(cursor.since(start)));
        }
      }
      cursor.end();

      assertThat(MAPPER.writeValueAsString(read)).isEqualTo(MAPPER.writeValueAsString(value));
    }
  }

  @Test
  void endsWithAnErrorWhereverTheBytesAreCutOff() throws IOException {
    var json = MAPPER.writeValueAsBytes(object(new Random(3), 3));
    for (int length = 0; length < json.length; length++) {
      var cut = cursor(Arrays.copyOf(json, length));

      assertThatIOException().as("%d bytes", length).isThrownBy(cut::skip);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{1}", "{\"a\"}", "{\"a\":1 \"b\":2}", "{\"a\":}", "[]", "{\"a\":1.5}", ""})
  void refusesWhatIsNoObjectOfNumbers(String json) {
    var cursor = cursor(json.getBytes(StandardCharsets.UTF_8));

    assertThatIOException()
        .isThrownBy(
            () -> {
              cursor.open('{');
              for (var name = cursor.field(); !name.isEmpty(); name = cursor.field()) {
                cursor.integer();
              }
            });
  }

  @Test
  void keepsNoMoreNamesThanItHasRoomFor() {
    var made = new int[1];
    var names =
        new KnownNames<String>(
            4,
            text -> {
              made[0]++;
              return text;
            });
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 100; i++) {
        var text = "name-" + i;
        var bytes = text.getBytes(StandardCharsets.UTF_8);

        assertThat(names.get(bytes, 0, bytes.length)).isEqualTo(text);
        assertThat(names.get(bytes, 0, bytes.length)).isEqualTo(text);
      }
    }

    assertThat(made[0]).as("the second of two is always known").isLessThanOrEqualTo(300);
  }

  private static JsonCursor cursor(byte[] json) {
    return new JsonCursor(json, JsonCursor.fieldNames());
  }

  private static ObjectNode object(Random random, int depth) {
    var object = JsonNodeFactory.instance.objectNode();
    for (int i = random.nextInt(6); i >= 0; i--) {
      var name = "f" + i + TEXTS.get(random.nextInt(TEXTS.size()));
      switch (random.nextInt(depth > 0 ? 7 : 5)) {
        case 0 -> object.put(name, TEXTS.get(random.nextInt(TEXTS.size())));
        case 1 -> object.put(name, random.nextInt());
        case 2 -> object.put(name, random.nextDouble());
        case 3 -> object.put(name, random.nextBoolean());
        case 4 -> object.putNull(name);
        case 5 -> object.set(name, object(random, depth - 1));
        default -> object.set(name, array(random, depth - 1));
      }
    }
    return object;
  }

  private static ArrayNode array(Random random, int depth) {
    var array = JsonNodeFactory.instance.arrayNode();
    for (int i = random.nextInt(3); i > 0; i--) {
      array.add(TEXTS.get(random.nextInt(TEXTS.size()))).add(object(random, depth));
    }
    return array;
  }
}
