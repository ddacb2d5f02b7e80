/**
 * A GGUF file run inside this process by the llama.cpp binding, for a machine without any model
 * server. Nothing of the binding is loaded unless such a file is configured.
 */
@NullMarked
package org.brokecluster.node.runtime.gguf;

import org.jspecify.annotations.NullMarked;
