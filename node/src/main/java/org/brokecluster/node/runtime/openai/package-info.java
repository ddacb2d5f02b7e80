/**
 * A model server that somebody else started and that speaks OpenAI's HTTP API: mlx_lm.server,
 * llama-server, Ollama, LM Studio, vLLM, exo. Their habits differ; all that comes out is the same.
 */
@NullMarked
package org.brokecluster.node.runtime.openai;

import org.jspecify.annotations.NullMarked;
