/**
 * Apple's MLX: where mlx-lm is installed, which models on this disk it can serve, and how its
 * server is started. The processes themselves are looked after by {@link
 * org.brokecluster.node.runtime.process}.
 */
@NullMarked
package org.brokecluster.node.runtime.mlx;

import org.jspecify.annotations.NullMarked;
