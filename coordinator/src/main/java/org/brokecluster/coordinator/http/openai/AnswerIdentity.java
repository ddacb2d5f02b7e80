package org.brokecluster.coordinator.http.openai;

import java.util.List;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Api;

/**
 * What every piece of one answer repeats.
 *
 * @param id OpenAI's id of the answer
 * @param created when the answer began, in seconds since 1970
 * @param model the model that answers
 */
public record AnswerIdentity(String id, long created, String model) {
  private static final List<String> PREFIXES = List.of("chatcmpl-", "cmpl-");

  /** The id of the request behind an answer's id, which clients often have alone; else as it is. */
  public static String request(String id) {
    return PREFIXES.stream()
        .filter(id::startsWith)
        .findFirst()
        .map(prefix -> id.substring(prefix.length()))
        .orElse(id);
  }

  /** The identity of the answer to a request. */
  public static AnswerIdentity of(Api api, RequestId request, long created, String model) {
    var prefix =
        switch (api) {
          case CHAT -> "chatcmpl-";
          case COMPLETION -> "cmpl-";
        };
    return new AnswerIdentity(prefix + request.value(), created, model);
  }
}
