package org.brokecluster.coordinator.history;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.brokecluster.coordinator.collect.PackedText;
import org.brokecluster.coordinator.history.event.RoutingEvent.Received;
import org.brokecluster.protocol.history.ContentFilter;
import org.brokecluster.protocol.history.ContentProtocol.Text;
import org.brokecluster.protocol.router.TrafficClass;
import org.brokecluster.protocol.router.Wishes;

/** Texts to keep, and what to look for among them. */
final class ContentSamples {
  static final long NOW = System.currentTimeMillis();
  static final String MARKER = "marmalade-over-the-fence";

  private ContentSamples() {}

  static Received by(String user, Received event) {
    var wishes = Wishes.of(user, TrafficClass.INTERACTIVE, List.of());
    return new Received(event.at(), event.request(), event.facts().with(wishes));
  }

  static ContentFilter rated(int least) {
    return new ContentFilter(null, null, null, null, null, null, null, least);
  }

  static ContentFilter which(Instant from, String user, String source) {
    return new ContentFilter(from, null, user, source, null, null, null, null);
  }

  static Text text(String id, long at, String source, String user) {
    return said(id, at, source, user, MARKER + " " + id);
  }

  static Text secret(String id) {
    return said(id, NOW, "api", null, "ask ada@example.org about PRJ-2041");
  }

  /** About 100 kB that cannot be packed. */
  static Text large(String id, long at) {
    var random = new Random(id.hashCode());
    var letters = new StringBuilder();
    for (int i = 0; i < 132_000; i++) {
      letters.append((char) ('0' + random.nextInt(64)));
    }
    return said(id, at, "api", null, letters.toString());
  }

  static Text said(String id, long at, String source, String user, String prompt) {
    var json = JsonNodeFactory.instance.objectNode().put("prompt", prompt).put("answer", "yes");
    return new Text(id, at, source, user, PackedText.pack(json));
  }
}
