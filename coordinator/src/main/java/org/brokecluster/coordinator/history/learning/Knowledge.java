package org.brokecluster.coordinator.history.learning;

import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.router.Promise;
import org.jspecify.annotations.Nullable;

/** What was learned, as far as it matters for one request at one moment. */
public interface Knowledge {
  /** Nothing was learned. */
  Knowledge NONE =
      new Knowledge() {
        @Override
        public Learned of(ModelId model) {
          return Learned.NOTHING;
        }

        @Override
        public @Nullable ModelId staysWith() {
          return null;
        }

        @Override
        public double stayMargin() {
          return 0;
        }

        @Override
        public PromiseCalibration.Times times(
            ModelId model, NodeId node, double firstTokenMs, double finishMs) {
          long first = Math.round(firstTokenMs);
          long finish = Math.round(finishMs);
          return new PromiseCalibration.Times(
              first, finish, new Promise(first, first, finish, finish));
        }
      };

  /** What was learned of a model. */
  Learned of(ModelId model);

  /** The model that gave the last answer of the running conversation; null if there is none. */
  @Nullable ModelId staysWith();

  /** Score by which another model must be better than {@link #staysWith}, at least 0. */
  double stayMargin();

  /** What a client is promised where these times were predicted; in milliseconds. */
  PromiseCalibration.Times times(ModelId model, NodeId node, double firstTokenMs, double finishMs);
}
