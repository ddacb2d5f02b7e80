package org.brokecluster.shared.cli;

import java.util.concurrent.Callable;
import java.util.function.Supplier;

/**
 * One verb of the command line. The command object is made only when it is called or described, so
 * that a verb starts without loading the classes of all the others.
 *
 * @param name what the user types
 * @param group where {@code --help} lists it
 * @param command makes the picocli command, whose result is the exit code
 */
public record Verb(String name, VerbGroup group, Supplier<? extends Callable<Integer>> command) {}
