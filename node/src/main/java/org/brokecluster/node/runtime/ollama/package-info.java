/**
 * Ollama by its own API, which tells what is loaded, loads and unloads, and lets the context be
 * long enough for the prompt: by way of OpenAI's API the oldest messages would be lost silently.
 */
@NullMarked
package org.brokecluster.node.runtime.ollama;

import org.jspecify.annotations.NullMarked;
