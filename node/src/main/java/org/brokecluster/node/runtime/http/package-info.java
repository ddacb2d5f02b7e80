/**
 * A small HTTP/1.1 client for streams from servers on the same machine or network. It exists for
 * its cost: the JDK's client took 300 µs of CPU a request and 6 µs a streamed token where this one
 * takes a tenth (docs/benchmarks.md). One thread serves all connections of a client.
 */
@NullMarked
package org.brokecluster.node.runtime.http;

import org.jspecify.annotations.NullMarked;
