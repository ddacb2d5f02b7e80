/**
 * The verbs that talk to a running cluster over HTTP. Each is one file; what it shows is rendered
 * from the endpoint's JSON by a pure function that tolerates unknown and missing fields, so that
 * versions may differ for a while. Nothing here loads Akka.
 */
@NullMarked
package org.brokecluster.coordinator.cli;

import org.jspecify.annotations.NullMarked;
