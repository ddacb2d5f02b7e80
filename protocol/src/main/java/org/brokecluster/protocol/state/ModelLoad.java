package org.brokecluster.protocol.state;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Speed;
import org.jspecify.annotations.Nullable;

/**
 * What changes all the time about one model on one node. Written as an array, because ten of them
 * must fit into a {@code NodeLoad} of 2 KiB; new components are added at the end.
 *
 * @param progress share of a running load, 0 to 1; absent otherwise
 * @param reason why the model failed or is unsupported; absent otherwise
 * @param running attempts that hold a slot
 * @param waiting attempts admitted but without a slot yet
 * @param pinned never unloaded to make room
 */
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
public record ModelLoad(
    ModelId id,
    ModelState state,
    @Nullable Double progress,
    @Nullable String reason,
    int running,
    int waiting,
    boolean pinned,
    Speed speed) {}
