package org.brokecluster.coordinator.history.content;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.brokecluster.coordinator.collect.PackedText;
import org.brokecluster.coordinator.collect.Problem;
import org.brokecluster.coordinator.collect.Redactor;
import org.brokecluster.coordinator.history.content.ContentTable.Cursor;
import org.brokecluster.coordinator.history.content.ContentTable.Found;
import org.brokecluster.coordinator.history.content.ContentTable.Line;
import org.brokecluster.coordinator.history.content.ContentTable.Sealed;
import org.brokecluster.coordinator.history.store.Database;
import org.brokecluster.coordinator.history.store.Transaction;
import org.brokecluster.protocol.history.ContentProtocol;
import org.brokecluster.protocol.history.ContentProtocol.Kept;
import org.brokecluster.protocol.history.ContentProtocol.Page;
import org.jspecify.annotations.Nullable;

/**
 * Seals texts and puts them into the database, and takes them out again, opened and redacted. Every
 * method blocks; thread safe.
 */
final class ContentVault {
  /** Texts on a page at most: each may be large. */
  static final int PAGE_MAX = 50;

  private final Database database;
  private final ContentKeys keys;
  private final ContentSettings settings;
  private final PersonIds people;
  private final Redactor redactor;
  private final ContentSeal seal = new ContentSeal();

  ContentVault(Database database, ContentKeys keys, ContentSettings settings, PersonIds people) {
    this.database = database;
    this.keys = keys;
    this.settings = settings;
    this.people = people;
    this.redactor = new Redactor(settings.patterns());
  }

  /** All or nothing. */
  Kept keep(List<ContentProtocol.Text> texts) throws SQLException, IOException {
    var key = keys.sealing();
    var lines = new ArrayList<Line>();
    for (var text : texts) {
      var sealed = new Sealed(key.id(), seal.seal(key, text.id(), text.packed()));
      var person = text.user() == null ? null : people.idOf(text.user(), text.at());
      lines.add(new Line(text.id(), text.at(), text.source(), person, sealed));
    }
    int[] stored = {0};
    people.store(database); // before: nobody may hold one connection and wait for another
    try (var connection = database.connect()) {
      Transaction.run(
          connection,
          () -> {
            stored[0] = 0;
            for (var line : lines) {
              stored[0] += ContentTable.insert(connection, line) ? 1 : 0;
            }
          });
    }
    return new Kept(stored[0], lines.size() - stored[0], null, false);
  }

  /** Adds to what was noted before; what is null stays as it was. One at a time. */
  synchronized void note(String request, long at, @Nullable String reason, @Nullable String tests)
      throws SQLException, IOException {
    var key = keys.sealing();
    try (var connection = database.connect()) {
      var before = ContentTable.note(connection, request);
      var note =
          (before == null ? Optional.<ObjectNode>empty() : open(noteId(request), before))
              .orElseGet(JsonNodeFactory.instance::objectNode);
      put(note, "reason", reason);
      put(note, "tests", tests);
      var sealed = seal.seal(key, noteId(request), PackedText.pack(note));
      Transaction.run(
          connection,
          () -> ContentTable.putNote(connection, request, at, new Sealed(key.id(), sealed)));
    }
  }

  private static void put(ObjectNode note, String name, @Nullable String text) {
    if (text != null) {
      note.put(name, text);
    }
  }

  Page read(ContentProtocol.Read question) throws SQLException, IOException {
    int limit = Math.max(1, Math.min(question.limit(), PAGE_MAX));
    var before = question.before() == null ? null : Cursor.parse(question.before());
    List<Found> found;
    try (var connection = database.connect()) {
      found = ContentTable.latest(connection, question.filter(), before, limit + 1);
    }
    var problems = new ArrayList<byte[]>();
    var redactions = new HashMap<String, Integer>();
    int unreadable = 0;
    int texts = 0;
    int bytes = 0;
    Cursor last = null;
    for (var each : found) {
      if (texts + unreadable == limit || bytes >= ContentProtocol.PACKED_MAX / 2) {
        return page(question, problems, texts, redactions, unreadable, String.valueOf(last));
      }
      last = new Cursor(each.line().at(), each.line().id());
      var problem = problem(each, redactions);
      if (problem.isEmpty()) {
        unreadable++;
        continue;
      }
      texts++;
      var packed = PackedText.pack(problem.get());
      bytes += packed.length;
      problems.add(packed);
    }
    return page(question, problems, texts, redactions, unreadable, null);
  }

  private static Page page(
      ContentProtocol.Read question,
      List<byte[]> problems,
      int texts,
      Map<String, Integer> redactions,
      int unreadable,
      @Nullable String next) {
    return new Page(
        question.countOnly() ? List.of() : problems, texts, redactions, unreadable, next, null);
  }

  private Optional<ObjectNode> problem(Found found, Map<String, Integer> redactions)
      throws IOException {
    var line = found.line();
    var text = open(line.id(), line.text());
    if (text.isEmpty()) {
      return Optional.empty();
    }
    var sealedNote = found.note();
    var note = sealedNote == null ? null : open(noteId(line.id()), sealedNote).orElse(null);
    var facts =
        new Problem.Facts(line.id(), line.at(), line.source(), line.person(), found.rating(), note);
    var problem = Problem.line(facts, text.get());
    redactor.redact(problem, redactions);
    return Optional.of(problem);
  }

  int erase(@Nullable String id, @Nullable Long before) throws SQLException {
    try (var connection = database.connect()) {
      if (id != null) {
        return ContentTable.delete(connection, id);
      }
      return ContentTable.deleteBefore(connection, before == null ? Long.MAX_VALUE : before);
    }
  }

  /** Deletes what is too old or too much; returns how many lines that were. */
  int retain(long now) throws SQLException {
    try (var connection = database.connect()) {
      long tooOld = now - settings.days() * 86_400_000L;
      long tooMuch = ContentTable.boundOf(connection, settings.bytes());
      return ContentTable.deleteBefore(connection, Math.max(tooOld, tooMuch));
    }
  }

  ObjectNode state() throws SQLException {
    try (var connection = database.connect()) {
      return ContentState.of(connection, settings, keys);
    }
  }

  /** What was sealed, or nothing if its key is not here or it was changed. */
  private Optional<ObjectNode> open(String id, Sealed sealed) throws IOException {
    var key = keys.find(sealed.keyId());
    if (key.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(PackedText.unpack(seal.open(key.get(), id, sealed.bytes())));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  /** Notes and texts of one request are sealed for different lines. */
  private static String noteId(String request) {
    return "note/" + request;
  }
}
