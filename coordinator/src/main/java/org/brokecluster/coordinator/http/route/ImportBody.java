package org.brokecluster.coordinator.http.route;

import static org.brokecluster.coordinator.http.error.ApiException.invalid;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.brokecluster.coordinator.collect.PackedText;
import org.brokecluster.coordinator.collect.ProblemReader;
import org.brokecluster.coordinator.collect.ProblemReader.ProblemException;
import org.brokecluster.coordinator.collect.TextSource;
import org.brokecluster.protocol.history.ContentProtocol;

/**
 * Reads problems that are to be kept: {@code problems}, and where they came from unless they say so
 * themselves, {@code source}. One that is wrong does not keep the others out. Pure.
 *
 * @param texts what is kept
 * @param refused which are not, and why: {@code index} and {@code error}
 * @param dryRun whether they are only to be checked
 */
record ImportBody(List<ContentProtocol.Text> texts, List<ObjectNode> refused, boolean dryRun) {
  private static final int PROBLEMS_MAX = 500;
  private static final ProblemReader READER = new ProblemReader();

  ImportBody {
    texts = List.copyOf(texts);
    refused = List.copyOf(refused);
  }

  static ImportBody read(ObjectNode body, Instant now) {
    var problems = body.path("problems");
    if (!problems.isArray() || problems.isEmpty() || problems.size() > PROBLEMS_MAX) {
      throw invalid("problems", "must be a list of 1 to " + PROBLEMS_MAX);
    }
    var source = CollectQuestion.source(body.path("source").asText(TextSource.HAND.label()));
    var texts = new ArrayList<ContentProtocol.Text>();
    var refused = new ArrayList<ObjectNode>();
    for (int i = 0; i < problems.size(); i++) {
      try {
        texts.add(text(READER.read(problems.get(i), source), now));
      } catch (ProblemException e) {
        refused.add(
            JsonNodeFactory.instance.objectNode().put("index", i).put("error", e.getMessage()));
      }
    }
    return new ImportBody(texts, refused, body.path("dry-run").asBoolean());
  }

  /** What came of it. */
  ObjectNode report(int stored, int known) {
    var report = JsonNodeFactory.instance.objectNode();
    report.put("valid", texts.size()).put("stored", stored).put("known", known);
    report.putArray("refused").addAll(refused);
    return report;
  }

  private static ContentProtocol.Text text(ProblemReader.Read problem, Instant now)
      throws ProblemException {
    var packed = PackedText.pack(problem.text());
    if (packed.length > ContentProtocol.PACKED_MAX) {
      throw new ProblemException(
          "is too large: "
              + packed.length
              + " bytes packed, at most "
              + ContentProtocol.PACKED_MAX);
    }
    return new ContentProtocol.Text(
        problem.id(), now.toEpochMilli(), problem.source().label(), null, packed);
  }
}
