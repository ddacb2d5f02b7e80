/**
 * The demo: one light supervisor that starts a coordinator and three simulated Macs as processes of
 * their own, and ends them all whatever happens to it. Nothing here loads Akka.
 */
@NullMarked
package org.brokecluster.coordinator.demo;

import org.jspecify.annotations.NullMarked;
