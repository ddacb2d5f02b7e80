package org.brokecluster.node.models;

import org.brokecluster.node.runtime.GenerationListener;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;

/** Hears nothing. */
final class Deaf implements GenerationListener {
  @Override
  public void onPrefill(double share) {}

  @Override
  public void onChunk(TokenChunk chunk) {}

  @Override
  public void onEnd(FinishReason reason, Usage usage) {}

  @Override
  public void onFailure(AttemptFailure failure) {}
}
