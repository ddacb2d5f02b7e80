/**
 * An edge's part in keeping prompts and answers, where somebody has said so: writes answers down as
 * they are made and hands them to the coordinator, without ever holding one up.
 */
@NullMarked
package org.brokecluster.coordinator.content;

import org.jspecify.annotations.NullMarked;
