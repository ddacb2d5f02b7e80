/** What is known about models: tiers, states, abilities and speeds. */
@NullMarked
package org.brokecluster.protocol.model;

import org.jspecify.annotations.NullMarked;
