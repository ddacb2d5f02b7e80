package org.brokecluster.coordinator.http.openai;

/** Reads the {@code model} of a call. */
final class ModelField {
  /** Longest model name in characters. */
  static final int NAME_MAX = 200;

  private ModelField() {}

  /** The model asked for; {@code auto} where none is. */
  static String read(Fields body) {
    var model = body.text("model");
    if (model == null) {
      return ChatCall.AUTO;
    }
    if (model.isBlank()) {
      throw body.invalid("model", "invalid_value", "must not be empty; leave it out for auto");
    }
    if (model.length() > NAME_MAX || model.chars().anyMatch(Character::isISOControl)) {
      throw body.invalid(
          "model",
          "invalid_value",
          "must be at most " + NAME_MAX + " characters, without control characters");
    }
    return model;
  }
}
