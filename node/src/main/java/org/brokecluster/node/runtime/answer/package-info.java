/**
 * What adapters to model servers share: one answer over HTTP, put together from bytes in whatever
 * way a server sends them, so that all that comes out is the same.
 */
@NullMarked
package org.brokecluster.node.runtime.answer;

import org.jspecify.annotations.NullMarked;
