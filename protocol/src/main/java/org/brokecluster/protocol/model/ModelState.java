package org.brokecluster.protocol.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Where a model stands on one node. */
public enum ModelState {
  /** On disk, can be loaded. */
  DISK,
  /** Being read into memory. */
  LOADING,
  /** In memory and proven to answer. */
  LOADED,
  /** Its runtime could not load or run it; not routed to. */
  FAILED,
  /** Known, but no runtime here can serve it. */
  UNSUPPORTED;

  /** Lower-case name as users see it. */
  @JsonValue
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** For JSON. */
  @JsonCreator
  static ModelState fromLabel(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }

  /** Whether a request may be sent to a model in this state, perhaps after a load. */
  public boolean servable() {
    return this == DISK || this == LOADING || this == LOADED;
  }
}
