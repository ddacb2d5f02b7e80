/**
 * The deterministic simulation: what decides in the product, unchanged, on simulated machines and a
 * simulated network, under virtual time, driven by one number. See {@code docs/simulation.md}.
 */
@NullMarked
package org.brokecluster.simulation;

import org.jspecify.annotations.NullMarked;
