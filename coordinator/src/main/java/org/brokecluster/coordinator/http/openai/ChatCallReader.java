package org.brokecluster.coordinator.http.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.brokecluster.coordinator.http.error.ApiException;
import org.brokecluster.coordinator.routing.profile.PromptText;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.Api;

/**
 * Reads and checks the body of {@code /v1/chat/completions} or {@code /v1/completions}. Every field
 * of OpenAI's ({@link KnownField}) is checked, explicit nulls count as absent, others are the
 * runtime's business: the body goes there as it came. Pure, thread safe; one reader serves all
 * calls.
 */
public final class ChatCallReader {
  private final boolean trustUser;

  /** A reader that believes what clients say of who they are, or not because keys tell. */
  public ChatCallReader(boolean trustUser) {
    this.trustUser = trustUser;
  }

  /**
   * The call in a body.
   *
   * @param headers values of the {@code x-broke-*} headers by their lower-case name
   * @throws ApiException with a 400 that names the field or header at fault
   */
  public ChatCall read(Api api, RequestId request, byte[] bytes, Map<String, String> headers) {
    return read(api, request, bytes, JsonBody.read(bytes), headers);
  }

  /** The same for a body that has been parsed already. */
  public ChatCall read(
      Api api, RequestId request, byte[] bytes, ObjectNode body, Map<String, String> headers) {
    var fields = Fields.of(body);
    var model = ModelField.read(fields);
    boolean stream = fields.flag("stream");
    var sampling = new SamplingFields(fields);
    boolean includeUsage = sampling.includeUsage(stream);
    var needs = EnumSet.noneOf(Ability.class);
    sampling.common(needs);
    var scan = new PromptScan();
    switch (api) {
      case CHAT -> chat(fields, sampling, scan, needs);
      case COMPLETION -> completion(fields, sampling, scan, needs);
    }
    var extras = new ExtrasReader(headers, body).read(trustUser);
    boolean fills = extras.parameters() && api == Api.CHAT;
    return new ChatCall(
        request,
        api,
        bytes,
        model,
        stream,
        includeUsage,
        sampling.maxTokens(),
        sampling.reproducible(),
        fills ? sampling.open() : Set.of(),
        needs,
        scan.tokens(),
        scan.prefix(),
        scan.prefixTokens(),
        scan.profileText(),
        extras,
        "");
  }

  private static void chat(
      Fields body, SamplingFields sampling, PromptScan scan, Set<Ability> needs) {
    needs.add(Ability.CHAT);
    sampling.chat(needs);
    new OtherFields(body).chat();
    new ToolsReader(scan, needs).read(body);
    new MessagesReader(scan, needs).read(body);
  }

  private static void completion(
      Fields body, SamplingFields sampling, PromptScan scan, Set<Ability> needs) {
    needs.add(Ability.COMPLETION);
    sampling.completion(needs);
    scan.begin(PromptText.Role.USER, "prompt");
    scan.text(prompt(body));
    scan.end();
  }

  private static String prompt(Fields body) {
    var prompt = body.any("prompt");
    if (prompt == null) {
      throw body.missing("prompt");
    }
    var single = prompt.isArray() && prompt.size() == 1 ? prompt.get(0) : prompt;
    if (single.isTextual()) {
      return text(body, single);
    }
    if (prompt.isArray() && !prompt.isEmpty() && prompt.get(0).isTextual()) {
      throw body.invalid("prompt", "unsupported_value", "must be one prompt for each call");
    }
    if (prompt.isArray() && !prompt.isEmpty()) {
      throw body.invalid("prompt", "unsupported_value", "must be text, not token numbers");
    }
    if (prompt.isArray()) {
      throw body.invalid("prompt", "empty_array", "must not be empty");
    }
    throw Fields.wrongType("prompt", "a string", prompt);
  }

  private static String text(Fields body, JsonNode prompt) {
    var text = prompt.textValue();
    if (text.isEmpty()) {
      throw body.invalid("prompt", "empty_string", "must not be empty");
    }
    return text;
  }
}
