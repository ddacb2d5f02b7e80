package org.brokecluster.node;

/**
 * The machine as other members are told of it.
 *
 * @param memoryBytes physical memory, 0 if unknown
 * @param workingSetBytes memory that models may take in all, 0 if unknown
 * @param simulated whether it only pretends to be this machine
 */
record Machine(String chip, long memoryBytes, long workingSetBytes, boolean simulated) {}
