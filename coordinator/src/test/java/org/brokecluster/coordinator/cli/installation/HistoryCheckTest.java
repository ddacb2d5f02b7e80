package org.brokecluster.coordinator.cli.installation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;
import org.brokecluster.shared.doctor.Finding;
import org.junit.jupiter.api.Test;

class HistoryCheckTest {
  @Test
  void saysWhyNothingIsStoredAndWhatToDo() throws JsonProcessingException {
    var finding =
        finding(
            """
            {"history": "behind", "historyBacklog": 1701, "historyPlace": "/d/routing.mv.db",
             "historyTrouble": "the history database has no room left: make some"}
            """);

    assertThat(finding)
        .contains(
            Finding.note(
                "history",
                "behind, 1701 events not yet stored; answers go on",
                "the history database has no room left: make some"));
  }

  @Test
  void saysWhatWasLost() throws JsonProcessingException {
    assertThat(finding("{\"history\": \"gap\", \"historyLost\": 12}"))
        .hasValueSatisfying(lost -> assertThat(lost.detail()).startsWith("12 events were lost"));
  }

  @Test
  void isContentWithAHistoryThatIsWritten() throws JsonProcessingException {
    assertThat(finding("{\"history\": \"ok\", \"historyPlace\": \"/d/routing.mv.db\"}"))
        .contains(Finding.ok("history", "/d/routing.mv.db"));
    assertThat(finding("{\"history\": null}")).isEmpty();
  }

  private static Optional<Finding> finding(String status) throws JsonProcessingException {
    return HistoryCheck.finding(new ObjectMapper().readTree(status));
  }
}
