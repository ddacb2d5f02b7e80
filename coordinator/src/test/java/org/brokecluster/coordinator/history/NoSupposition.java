package org.brokecluster.coordinator.history;

import org.brokecluster.protocol.history.WhatIf;

/** For histories that nobody asks what would have been. */
final class NoSupposition implements Supposition {
  @Override
  public Hearing begin(WhatIf order) {
    throw new IllegalArgumentException("not here");
  }
}
