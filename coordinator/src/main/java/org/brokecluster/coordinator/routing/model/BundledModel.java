package org.brokecluster.coordinator.routing.model;

import java.io.IOException;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/** The model file that is shipped in the jar, read once. */
public final class BundledModel {
  private static final String RESOURCE = "prompt-model.bin";

  private BundledModel() {}

  /** The model, or nothing if the file is missing or of another version. */
  public static Optional<LinearModel> get() {
    return Holder.MODEL;
  }

  private static Optional<LinearModel> read() {
    try (var file = BundledModel.class.getResourceAsStream(RESOURCE)) {
      return file == null ? Optional.empty() : Optional.of(LinearModel.read(file));
    } catch (IOException e) {
      LoggerFactory.getLogger(BundledModel.class)
          .warn(
              "cannot read {}, prompts are estimated by phrases alone: {}", RESOURCE, e.toString());
      return Optional.empty();
    }
  }

  /** Read when it is first asked for. */
  private static final class Holder {
    private static final Optional<LinearModel> MODEL = read();
  }
}
