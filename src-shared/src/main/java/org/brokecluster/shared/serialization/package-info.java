/** Turns messages into bytes: Kryo for the token path, Jackson CBOR for everything else. */
@NullMarked
package org.brokecluster.shared.serialization;

import org.jspecify.annotations.NullMarked;
