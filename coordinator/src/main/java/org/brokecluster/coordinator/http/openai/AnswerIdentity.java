package org.brokecluster.coordinator.http.openai;

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
