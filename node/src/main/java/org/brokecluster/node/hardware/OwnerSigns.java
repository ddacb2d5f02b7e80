package org.brokecluster.node.hardware;

import java.time.Duration;
import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;

/**
 * What a look at the machine tells of its owner. It stays on this machine.
 *
 * @param at when it was looked, in the machine's own time
 * @param untouched time since keyboard, mouse or trackpad were used; null where that is not known
 *     or nobody wants to know
 */
public record OwnerSigns(LocalDateTime at, @Nullable Duration untouched) {}
