/**
 * llama.cpp: GGUF files on this disk, and how llama-server is started for one of them. The
 * processes themselves are looked after by {@link org.brokecluster.node.runtime.process}.
 */
@NullMarked
package org.brokecluster.node.runtime.llama;

import org.jspecify.annotations.NullMarked;
