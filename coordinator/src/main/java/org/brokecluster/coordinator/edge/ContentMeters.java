package org.brokecluster.coordinator.edge;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.brokecluster.coordinator.content.ContentOutbox;

/** How the texts of this host's calls fare. */
final class ContentMeters {
  private ContentMeters() {}

  /** Registers every meter. */
  static void register(MeterRegistry registry, ContentOutbox texts) {
    Gauge.builder("broke.content.waiting", texts, ContentOutbox::waiting)
        .description("texts of this host that are not stored yet")
        .register(registry);
    Gauge.builder("broke.content.waiting.bytes", texts, ContentOutbox::waitingBytes)
        .description("memory that those texts take")
        .register(registry);
    FunctionCounter.builder("broke.content.stored", texts, ContentOutbox::stored)
        .description("texts of this host that were stored")
        .register(registry);
    FunctionCounter.builder("broke.content.lost", texts, ContentOutbox::lost)
        .description("texts of this host that were let go: no room, refused, or too old")
        .register(registry);
  }
}
