package org.brokecluster.coordinator.history.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Locale;
import org.brokecluster.coordinator.history.journal.HistoryId;
import org.jspecify.annotations.Nullable;

/** Where the reader of a backup stands; what it has read is behind it. Mutable, one owner. */
final class BackupCursor {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Highest place in the journal that belongs to the backup. */
  final long asOf;

  Part part = Part.ROWS;
  @Nullable HistoryId id;

  /** Whether what is kept sealed comes too. */
  boolean withTexts;

  /** Last row that was read whole under the id. */
  long sequence;

  /** Characters of the following line that were read. */
  int offset;

  /** Last person's id that was read. */
  String person = "";

  /** Last text's or note's id that was read. */
  String textId = "";

  long rows;
  long people;
  long texts;

  BackupCursor(long asOf) {
    this.asOf = asOf;
  }

  /** What is being read. */
  enum Part {
    ROWS,
    PEOPLE,
    TEXTS,
    NOTES,
    END
  }

  String text() {
    var json = MAPPER.createObjectNode();
    json.put("asOf", asOf).put("part", part.name().toLowerCase(Locale.ROOT));
    if (id != null) {
      json.put("id", id.persistenceId());
    }
    json.put("sequence", sequence).put("offset", offset).put("person", person);
    json.put("withTexts", withTexts).put("text", textId);
    return json.put("rows", rows).put("people", people).put("texts", texts).toString();
  }

  /**
   * The cursor whose {@link #text} this is.
   *
   * @throws IllegalArgumentException if it is none
   */
  static BackupCursor parse(String text) {
    try {
      return read(MAPPER.readTree(text));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a cursor of a backup: " + text, e);
    }
  }

  private static BackupCursor read(JsonNode json) {
    var cursor = new BackupCursor(json.path("asOf").asLong());
    cursor.part = Part.valueOf(json.path("part").asText().toUpperCase(Locale.ROOT));
    cursor.id = HistoryId.parse(json.path("id").asText()).orElse(null);
    cursor.sequence = json.path("sequence").asLong();
    cursor.offset = Math.max(0, json.path("offset").asInt());
    cursor.person = json.path("person").asText();
    cursor.withTexts = json.path("withTexts").asBoolean();
    cursor.textId = json.path("text").asText();
    cursor.texts = json.path("texts").asLong();
    cursor.rows = json.path("rows").asLong();
    cursor.people = json.path("people").asLong();
    return cursor;
  }
}
