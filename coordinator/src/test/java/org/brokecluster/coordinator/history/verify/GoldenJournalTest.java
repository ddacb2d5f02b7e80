package org.brokecluster.coordinator.history.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.brokecluster.coordinator.history.fold.RoutingState;
import org.brokecluster.coordinator.history.journal.EventBatchJson;
import org.brokecluster.coordinator.history.journal.HistoryId;
import org.brokecluster.coordinator.history.journal.RawRow;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Journals as earlier versions of the fold wrote them; the files are never made again. */
class GoldenJournalTest {
  @ParameterizedTest(name = "journal of fold {0}")
  @CsvSource({"1, 393, 6", "2, 393, 6", "3, 411, 11", "4, 760, 16"})
  void leadsToTheStatesItsWriterHad(int fold, long events, long checkpoints) throws IOException {
    var verification = new Verification();
    var folds = new ArrayList<Integer>();
    for (var row : rows(fold)) {
      verification.row(row);
      var batch = EventBatchJson.decode(row.manifest(), row.payload().bytes());
      if (batch.checkpoint() != null) {
        folds.add(batch.checkpoint().fold());
      }
    }

    var report = verification.finish();

    assertThat(report.events()).as(report.message()).isEqualTo(events);
    assertThat(report.checkpoints()).isEqualTo(checkpoints);
    assertThat(report.terms())
        .extracting(TermReport::result)
        .containsExactly(
            VerificationReport.Result.IDENTICAL, VerificationReport.Result.NOT_COMPARABLE);
    assertThat(report.message()).contains("the database was away");
    assertThat(folds).containsOnly(fold).hasSize((int) checkpoints);
    assertThat(fold).isLessThanOrEqualTo(RoutingState.FOLD);
  }

  private static List<RawRow> rows(int fold) throws IOException {
    var mapper = new ObjectMapper();
    var rows = new ArrayList<RawRow>();
    var name = "/history/journal-" + fold + ".jsonl.gz";
    try (var in = GoldenJournalTest.class.getResourceAsStream(name);
        var lines =
            new BufferedReader(
                new InputStreamReader(new GZIPInputStream(in), StandardCharsets.UTF_8))) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        var json = mapper.readTree(line);
        rows.add(
            new RawRow(
                HistoryId.parse(json.path("id").asText()).orElseThrow(),
                json.path("sequence").asLong(),
                json.path("manifest").asText(),
                new RawRow.Payload(
                    json.path("payload").asText().getBytes(StandardCharsets.UTF_8))));
      }
    }
    return rows;
  }
}
