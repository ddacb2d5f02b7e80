package org.brokecluster.coordinator.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.brokecluster.coordinator.http.TestEdge;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people think of answers, over HTTP. */
class FeedbackRoutesTest {
  private static final TestEdge EDGE = TestEdge.start();

  @BeforeEach
  void forget() {
    EDGE.cluster().orders().clear();
  }

  @AfterAll
  static void stop() {
    EDGE.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'request':'known','rating':4}|4",
        "{'request_id':'known','rating':'up'}|5",
        "{'id':'known','rating':'down'}|1",
        "{'id':'chatcmpl-known','rating':3}|3",
        "{'id':'cmpl-known','rating':3}|3",
        "{'id':'known','type':'rating','data':{'rating':-1}}|1",
        "{'id':'known','data':{'rating':'1'},'meta':{'chat_id':'c'}}|5",
        "{'id':'known','data':{'rating':1,'details':{'rating':10}}}|5",
        "{'id':'known','data':{'rating':-1,'details':{'rating':3}}}|2",
        "{'id':'known','data':{'rating':-1,'details':{'rating':1}}}|1"
      })
  void takesRatingsInSeveralForms(String body, int score) throws Exception {
    var response = send(body);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{\"request\":\"known\",\"rating\":" + score + "}");
    assertThat(EDGE.cluster().orders()).containsExactly("rate known " + score);
  }

  @ParameterizedTest
  @CsvSource({"true, 5", "false, 1"})
  void takesWhatAnAgentSawComeOfAnAnswer(boolean success, int score) throws Exception {
    var response = send("{'request':'known','success':" + success + "}");

    assertThat(response.body()).isEqualTo("{\"request\":\"known\",\"success\":" + success + "}");
    assertThat(EDGE.cluster().orders()).containsExactly("outcome known " + score);
  }

  @Test
  void aRatingSaysMoreThanAnOutcome() throws Exception {
    send("{'request':'known','success':true,'rating':2}");

    assertThat(EDGE.cluster().orders()).containsExactly("rate known 2");
    assertThat(send("{'request':'known','success':'yes'}").statusCode()).isEqualTo(400);
  }

  @Test
  void keepsTheReason() throws Exception {
    assertThat(send("{'request':'known','rating':2,'reason':' wrong unit '}").body())
        .contains("\"noted\":true");
    send("{'id':'known','data':{'rating':-1,'reason':'not_factual','comment':'no such town'}}");

    assertThat(EDGE.cluster().orders())
        .containsExactly(
            "rate known 2",
            "note known wrong unit null",
            "rate known 1",
            "note known not_factual: no such town null");
  }

  @Test
  void takesTestsWithoutARatingAndSaysIfTheyAreNotKept() throws Exception {
    var response = send("{'request':'known','tests':'assert True'}");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body())
        .isEqualTo("{\"request\":\"known\",\"noted\":false,\"why\":\"texts are not kept\"}");
    assertThat(EDGE.cluster().orders()).containsExactly("note known null assert True");
  }

  @Test
  void notesNothingAboutARequestNobodyKnows() throws Exception {
    assertThat(send("{'request':'who','rating':4,'reason':'x'}").statusCode()).isEqualTo(404);

    assertThat(EDGE.cluster().orders()).containsExactly("rate who 4");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'request':'known','rating':6}",
        "{'rating':3}",
        "{'request':'known'}",
        "{'request':'known','reason':'x'}",
        "{'request':'known','rating':3,'reason':7}",
        "{'request':'known','data':{'rating':7}}",
        "{'request':'known','data':{'details':{'rating':11}}}"
      })
  void refusesWhatIsNoRating(String body) throws Exception {
    assertThat(send(body).statusCode()).isEqualTo(400);
    assertThat(EDGE.cluster().orders()).isEmpty();
  }

  @Test
  void takesNoReasonOfAnyLength() throws Exception {
    var body = "{'request':'known','rating':3,'reason':'" + "x".repeat(4_001) + "'}";

    assertThat(send(body).body()).contains("at most 4000 characters");
  }

  private static java.net.http.HttpResponse<String> send(String body) throws Exception {
    return EDGE.send("POST", "/api/feedback", body.replace('\'', '"'));
  }
}
