package org.brokecluster.node.runtime.openai;

import org.brokecluster.node.runtime.RuntimeModel;

/**
 * A model of an attached server.
 *
 * @param wireName what the server calls it
 * @param reportsProgress whether the server tells how far it is in the prompt when asked to
 */
record ServedModel(RuntimeModel model, String wireName, boolean reportsProgress) {}
