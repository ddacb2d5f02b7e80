package org.brokecluster.node.runtime.process;

import java.util.List;
import org.brokecluster.node.memory.CachePlan;

/** Models of one kind on this disk, and how a server of one of them is started. */
public interface ModelShelf {
  /** Name of the runtime in facts and logs, such as {@code mlx}. */
  String runtime();

  /** What is on disk now. Blocks on the disk; bounded; never throws over a broken model. */
  List<ShelfModel> scan();

  /** What becomes of a plan with this kind of server; nothing by default. Never blocks. */
  default CachePlan plan(CachePlan plan) {
    return plan;
  }

  /** How the server of a model is started. */
  Launch launch(ShelfModel model, CachePlan plan, int port);
}
