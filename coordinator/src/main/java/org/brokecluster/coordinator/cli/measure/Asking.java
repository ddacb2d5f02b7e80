package org.brokecluster.coordinator.cli.measure;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import org.brokecluster.coordinator.cli.client.ChatBody;
import org.brokecluster.coordinator.cli.client.EdgeClient;
import org.brokecluster.shared.cli.VerbException;

/**
 * Asks one model for streamed answers and times them. Blocks the caller; safe for use from any
 * thread.
 *
 * @param client the edge that is asked
 * @param model the model that is asked for
 * @param headers of every request
 */
record Asking(EdgeClient client, String model, Map<String, String> headers) {
  /**
   * What became of one request; a failure is part of it.
   *
   * @param maxTokens longest answer
   * @param more fields of the request beside the usual ones
   */
  TimedAnswer ask(String prompt, int maxTokens, ObjectNode more) {
    var body = ChatBody.streamed(ChatBody.of(model, prompt)).put("max_tokens", maxTokens);
    body.setAll(more);
    var answer = new TimedAnswer(System.nanoTime());
    try (var reply = client.ask(ChatBody.PATH, body, headers);
        var lines = reply.lines()) {
      answer.begins(
          reply.header("x-broke-node").orElse(""),
          reply.header("x-broke-attempts").map(Asking::count).orElse(0));
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        answer.accept(line, System.nanoTime());
      }
    } catch (IOException e) {
      answer.broke("the connection broke: " + e.getMessage(), System.nanoTime());
    } catch (VerbException e) {
      answer.broke(String.valueOf(e.getMessage()), System.nanoTime());
    }
    return answer;
  }

  private static int count(String text) {
    return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
  }
}
