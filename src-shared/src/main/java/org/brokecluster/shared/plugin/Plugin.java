package org.brokecluster.shared.plugin;

/** What a jar may bring along, to be chosen by its name. */
public interface Plugin {
  /** Name by which it is chosen, in kebab case; always the same. */
  String name();
}
