package org.brokecluster.simulation;

/** Says what a step is about, if somebody asks; making the words costs nothing before that. */
record Told(String what, Object about) {
  static Told of(String what, Object about) {
    return new Told(what, about);
  }

  @Override
  public String toString() {
    return what + " " + about;
  }
}
