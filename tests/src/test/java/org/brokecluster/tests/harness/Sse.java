package org.brokecluster.tests.harness;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A stream of server-sent events as a strict client reads it.
 *
 * @param events JSON of every {@code data:} line but the last
 * @param comments texts of comment lines
 * @param done whether {@code [DONE]} came
 */
public record Sse(List<JsonNode> events, List<String> comments, boolean done) {

  /** The node that answers; fails with the answer if it is none. */
  public static String node(HttpResponse<Stream<String>> response) {
    return response
        .headers()
        .firstValue("x-broke-node")
        .orElseThrow(
            () -> new AssertionError(response.statusCode() + " " + response.body().toList()));
  }

  /** Reads lines to their end. */
  public static Sse read(Stream<String> lines) {
    var events = new ArrayList<JsonNode>();
    var comments = new ArrayList<String>();
    var done = new boolean[1];
    try {
      lines.forEach(
          line -> {
            if (line.equals("data: [DONE]")) {
              done[0] = true;
            } else if (line.startsWith("data: ")) {
              events.add(BrokeClient.parse(line.substring(6)));
            } else if (line.startsWith(":")) {
              comments.add(line.substring(1).strip());
            }
          });
    } catch (UncheckedIOException e) {
      throw new AssertionError(
          "the connection broke after %d events, comments %s".formatted(events.size(), comments),
          e);
    }
    return new Sse(events, comments, done[0]);
  }

  /** What is left of lines that were begun to be read. */
  public static Sse read(Iterator<String> lines) {
    Iterable<String> iterable = () -> lines;
    return read(StreamSupport.stream(iterable.spliterator(), false));
  }

  /** Reads so many pieces of content and gives their text. */
  public static String readContent(Iterator<String> lines, int pieces) {
    var text = new StringBuilder();
    int seen = 0;
    while (seen < pieces && lines.hasNext()) {
      var line = lines.next();
      if (line.startsWith("data: {")) {
        var content = BrokeClient.parse(line.substring(6)).at("/choices/0/delta/content");
        text.append(content.asText(""));
        seen += content.asText("").isEmpty() ? 0 : 1;
      }
    }
    assertThat(seen).as("pieces of content").isEqualTo(pieces);
    return text.toString();
  }

  /** The content of all deltas. */
  public String text() {
    var text = new StringBuilder();
    events.forEach(
        event ->
            text.append(event.path("choices").path(0).path("delta").path("content").asText("")));
    return text.toString();
  }

  /** All finish reasons. */
  public List<String> finishReasons() {
    return events.stream()
        .map(event -> event.path("choices").path(0).path("finish_reason").asText(""))
        .filter(reason -> !reason.isEmpty() && !reason.equals("null"))
        .toList();
  }

  /** Messages of error events. */
  public List<JsonNode> errors() {
    return events.stream().filter(event -> event.has("error")).toList();
  }
}
