package org.brokecluster.node.runtime.simulated;

import java.util.concurrent.TimeUnit;
import org.brokecluster.node.runtime.ModelRuntime;
import org.brokecluster.node.runtime.ModelRuntimeContract;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.shared.hardware.Chip;

class SimulatedRuntimeContractTest extends ModelRuntimeContract {
  private SimulatedRuntime runtime;

  @Override
  protected ModelRuntime open() {
    runtime =
        new SimulatedRuntime(
            Simulations.settings(20, Simulations.basic()),
            Chip.parse("M4 Max").orElseThrow(),
            32 * Simulations.GIB);
    return runtime;
  }

  @Override
  protected ModelId model() {
    return Simulations.BASIC;
  }

  /** An unload is refused while anything runs, and runs behind every cancel given before. */
  @Override
  protected void awaitIdle() throws Exception {
    if (!runtime.closed()) {
      runtime.unload(model()).toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
  }
}
