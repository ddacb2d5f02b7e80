/** OpenAI's wire format: requests in, answers and streams out. No actors, no clocks, no sockets. */
@NullMarked
package org.brokecluster.coordinator.http.openai;

import org.jspecify.annotations.NullMarked;
