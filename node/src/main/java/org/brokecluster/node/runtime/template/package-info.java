/**
 * Going on with a chat's answer as a text completion: the chat is rendered by the model's own
 * template, what was said is put behind it.
 */
@NullMarked
package org.brokecluster.node.runtime.template;

import org.jspecify.annotations.NullMarked;
