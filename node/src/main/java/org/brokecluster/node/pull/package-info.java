/**
 * Fetches models from a hub into the cache that every tool of Hugging Face shares, when somebody
 * asks for it and never else.
 */
@NullMarked
package org.brokecluster.node.pull;

import org.jspecify.annotations.NullMarked;
