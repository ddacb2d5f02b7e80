package org.brokecluster.coordinator.http.route;

import akka.http.javadsl.model.HttpResponse;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.brokecluster.coordinator.http.openai.ChatCall;
import org.brokecluster.coordinator.http.openai.ChatCallReader;
import org.brokecluster.coordinator.http.openai.JsonBody;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Api;

/** Reads what requests bring in their bodies, and gives the memory back once they are done. */
final class CallReading {
  private final Bodies bodies;
  private final ChatCallReader reader;

  CallReading(Bodies bodies, boolean trustUser) {
    this.bodies = bodies;
    reader = new ChatCallReader(trustUser);
  }

  /** Answers with the call in the body, by something that also runs what is to follow the call. */
  CompletionStage<HttpResponse> call(
      Exchange exchange,
      Api api,
      BiFunction<ChatCall, Runnable, CompletionStage<HttpResponse>> then) {
    return body(
        exchange,
        body -> {
          var call = reader.read(api, exchange.id(), body.bytes(), exchange.ourHeaders());
          return then.apply(call, body::release);
        });
  }

  /** Answers with the call in the body, which may also be as short as one prompt. */
  CompletionStage<HttpResponse> shortCall(
      Exchange exchange, Function<ChatCall, CompletionStage<HttpResponse>> then) {
    return bytes(
        exchange,
        (bytes, headers) -> then.apply(shortCall(exchange.id(), JsonBody.read(bytes), headers)));
  }

  /** Answers with the object in the body; an empty body is an empty object. */
  CompletionStage<HttpResponse> object(
      Exchange exchange, Function<ObjectNode, CompletionStage<HttpResponse>> then) {
    return bytes(
        exchange,
        (bytes, headers) ->
            then.apply(JsonBody.read(bytes.length == 0 ? new byte[] {'{', '}'} : bytes)));
  }

  private ChatCall shortCall(RequestId id, ObjectNode body, Map<String, String> headers) {
    var prompt = body.get("prompt");
    if (prompt != null && !body.has("messages")) {
      body.remove("prompt");
      body.putArray("messages").addObject().put("role", "user").set("content", prompt);
    }
    var bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    return reader.read(Api.CHAT, id, bytes, body, headers);
  }

  private CompletionStage<HttpResponse> bytes(
      Exchange exchange,
      BiFunction<byte[], Map<String, String>, CompletionStage<HttpResponse>> then) {
    return body(
        exchange,
        body ->
            then.apply(body.bytes(), exchange.ourHeaders())
                .whenComplete((response, failure) -> body.release()));
  }

  /** Who answers gives the memory back; where nobody can, it is given back here. */
  private CompletionStage<HttpResponse> body(
      Exchange exchange, Function<Bodies.Body, CompletionStage<HttpResponse>> then) {
    return bodies
        .read(exchange.http())
        .thenCompose(
            body -> {
              try {
                return then.apply(body)
                    .whenComplete(
                        (response, failure) -> {
                          if (failure != null) {
                            body.release();
                          }
                        });
              } catch (RuntimeException e) {
                body.release();
                throw e;
              }
            });
  }
}
