package org.brokecluster.coordinator.history.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.brokecluster.coordinator.history.backup.BackupLine.End;
import org.brokecluster.coordinator.history.backup.BackupLine.Header;
import org.brokecluster.coordinator.history.backup.BackupLine.Person;
import org.brokecluster.coordinator.history.backup.BackupLine.Row;
import org.brokecluster.coordinator.history.backup.BackupLine.Text;
import org.brokecluster.coordinator.history.journal.HistoryId;
import org.brokecluster.coordinator.history.journal.RawRow;
import org.jspecify.annotations.Nullable;

/**
 * Lines of a backup as JSON, one object each. A row's bytes are a text in it, or {@code base64}
 * where they are none because the row is damaged. Thread safe.
 */
public final class BackupJson {
  /** Version of a backup without texts, as every program can read it. */
  public static final int VERSION = 1;

  /** Version of a backup with texts. */
  public static final int WITH_TEXTS = 2;

  private static final String FORMAT = "broke-history";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private BackupJson() {}

  /** The line without its end. */
  public static String write(BackupLine line) {
    var json = MAPPER.createObjectNode();
    if (line instanceof Header header) {
      json.put("kind", "header").put("format", FORMAT).put("version", header.version());
      json.put("madeAt", header.madeAt()).put("program", header.program());
      json.put("rows", header.rows());
      putCount(json, "texts", header.texts());
    } else if (line instanceof Row each) {
      var row = each.row();
      json.put("kind", "row").put("id", row.id().persistenceId()).put("sequence", row.sequence());
      json.put("writtenAt", each.writtenAt()).put("manifest", row.manifest());
      payload(json, row.payload().bytes());
    } else if (line instanceof Person person) {
      json.put("kind", "person").put("id", person.id()).put("name", person.name());
      json.put("firstSeen", person.firstSeen());
    } else if (line instanceof Text text) {
      json.put("kind", "text").put("id", text.id()).put("at", text.at());
      if (text.source() != null) {
        json.put("source", text.source());
      }
      if (text.person() != null) {
        json.put("person", text.person());
      }
      json.put("key", text.keyId()).put("base64", base64(text.sealed().bytes()));
    } else if (line instanceof End end) {
      json.put("kind", "end").put("rows", end.rows()).put("people", end.people());
      putCount(json, "texts", end.texts());
      if (end.sha256() != null) {
        json.put("sha256", end.sha256());
      }
    }
    return json.toString();
  }

  private static void putCount(ObjectNode json, String name, long count) {
    if (count > 0) {
      json.put(name, count);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static void payload(ObjectNode json, byte[] bytes) {
    try {
      // A new decoder reports what is no text, where the other ways replace it.
      var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      json.put("payload", text.toString());
    } catch (CharacterCodingException e) {
      json.put("base64", base64(bytes));
    }
  }

  /**
   * Reads a line.
   *
   * @throws IOException if it is none, with the reason
   */
  public static BackupLine read(String line) throws IOException {
    JsonNode json;
    try {
      json = MAPPER.readTree(line);
    } catch (JsonProcessingException e) {
      throw new IOException("is not JSON: " + e.getOriginalMessage(), e);
    }
    var kind = json.path("kind").asText();
    return switch (kind) {
      case "header" -> header(json);
      case "row" -> row(json);
      case "person" ->
          new Person(text(json, "id"), text(json, "name"), json.path("firstSeen").asLong());
      case "text" -> sealed(json);
      case "end" ->
          new End(
              number(json, "rows"),
              number(json, "people"),
              json.path("texts").asLong(),
              json.path("sha256").textValue());
      default -> throw new IOException("is of an unknown kind: " + kind);
    };
  }

  private static Header header(JsonNode json) throws IOException {
    if (!json.path("format").asText().equals(FORMAT)) {
      throw new IOException("is not the first line of a backup of a history");
    }
    return new Header(
        (int) number(json, "version"),
        number(json, "madeAt"),
        text(json, "program"),
        number(json, "rows"),
        json.path("texts").asLong());
  }

  private static Text sealed(JsonNode json) throws IOException {
    return new Text(
        text(json, "id"),
        number(json, "at"),
        json.path("source").textValue(),
        json.path("person").textValue(),
        text(json, "key"),
        new RawRow.Payload(decoded(json)));
  }

  private static Row row(JsonNode json) throws IOException {
    var name = text(json, "id");
    var id = HistoryId.parse(name).orElseThrow(() -> new IOException("has an unknown id: " + name));
    var payload = new RawRow.Payload(bytes(json));
    var row = new RawRow(id, number(json, "sequence"), text(json, "manifest"), payload);
    return new Row(row, number(json, "writtenAt"));
  }

  private static byte[] bytes(JsonNode json) throws IOException {
    if (!json.has("base64")) {
      return text(json, "payload").getBytes(StandardCharsets.UTF_8);
    }
    return decoded(json);
  }

  private static byte[] decoded(JsonNode json) throws IOException {
    try {
      return Base64.getDecoder().decode(text(json, "base64"));
    } catch (IllegalArgumentException e) {
      throw new IOException("has garbled bytes", e);
    }
  }

  private static String text(JsonNode json, String name) throws IOException {
    @Nullable String text = json.path(name).textValue();
    if (text == null) {
      throw new IOException("has no " + name);
    }
    return text;
  }

  private static long number(JsonNode json, String name) throws IOException {
    if (!json.path(name).isIntegralNumber()) {
      throw new IOException("has no number " + name);
    }
    return json.path(name).longValue();
  }
}
