/** Errors as clients see them: OpenAI's shape, and the one place where reasons become statuses. */
@NullMarked
package org.brokecluster.coordinator.http.error;

import org.jspecify.annotations.NullMarked;
