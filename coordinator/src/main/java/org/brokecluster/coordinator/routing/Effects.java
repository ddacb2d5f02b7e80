package org.brokecluster.coordinator.routing;

import java.util.ArrayList;
import org.brokecluster.coordinator.history.learning.Learning;

/** Effects in the making. Events among them are learned from in the order of their emission. */
final class Effects extends ArrayList<Effect> {
  private static final long serialVersionUID = 1L;

  private final transient Learning learning;

  Effects(Learning learning) {
    this.learning = learning;
  }

  @Override
  public boolean add(Effect effect) {
    if (effect instanceof Effect.Emit emit) {
      learning.apply(emit.event());
    }
    return super.add(effect);
  }
}
