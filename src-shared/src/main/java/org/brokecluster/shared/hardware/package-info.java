/**
 * What a Mac can do with a model, estimated from its chip and the model's size. Pure: used by nodes
 * before anything is measured, by the simulated runtime and by the simulator.
 */
@NullMarked
package org.brokecluster.shared.hardware;

import org.jspecify.annotations.NullMarked;
