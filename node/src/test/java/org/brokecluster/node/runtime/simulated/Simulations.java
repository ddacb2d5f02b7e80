package org.brokecluster.node.runtime.simulated;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.brokecluster.node.runtime.TierBySize;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.shared.hardware.Quantization;

/** Settings and models for tests. */
final class Simulations {
  static final ModelId BASIC = ModelId.of("sim-basic-4b");
  static final ModelId BALANCED = ModelId.of("sim-balanced-14b");
  static final ModelId PREMIUM = ModelId.of("sim-premium-32b");
  static final long GIB = 1L << 30;

  private Simulations() {}

  static SimulatedSettings settings(double timeScale, SimulatedModel... models) {
    return new SimulatedSettings(
        true,
        List.of(models),
        timeScale,
        Duration.ofMillis(10),
        40,
        160,
        1000,
        2048,
        8192,
        64,
        true);
  }

  static SimulatedModel model(ModelId id, double billions, boolean resident) {
    long parameters = Math.round(billions * 1e9);
    return new SimulatedModel(
        id,
        TierBySize.of(Optional.of(parameters)),
        parameters,
        parameters,
        new Quantization("4bit", 4.5),
        8192,
        resident,
        2);
  }

  static SimulatedModel basic() {
    return model(BASIC, 4, true);
  }
}
