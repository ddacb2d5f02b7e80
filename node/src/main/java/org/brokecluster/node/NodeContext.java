package org.brokecluster.node;

import java.util.function.LongSupplier;
import org.brokecluster.node.drill.DrillSettings;
import org.brokecluster.node.hardware.MachineWatch;
import org.brokecluster.node.models.ModelPool;
import org.brokecluster.node.models.SpeedBook;
import org.brokecluster.node.pull.Puller;
import org.brokecluster.protocol.id.NodeId;

/**
 * What a node's actors work with, all of it with the lifetime of the host.
 *
 * @param drills who may play a fault here
 * @param nanoTime monotonic clock in nanoseconds, such as {@code System::nanoTime}
 */
record NodeContext(
    NodeId name,
    Machine machine,
    NodeSettings settings,
    ModelPool pool,
    MachineWatch watch,
    SpeedBook speeds,
    Puller puller,
    NodeMeters meters,
    LastingState lasting,
    DrillSettings drills,
    LongSupplier nanoTime) {}
