package org.brokecluster.node.hardware;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.util.OptionalInt;

/** What {@code system_profiler -json SPDisplaysDataType} prints. Pure. */
final class GraphicsProfile {
  private static final ObjectReader READER = new ObjectMapper().reader();

  private GraphicsProfile() {}

  /** Cores of the first GPU that tells how many it has. */
  static OptionalInt gpuCores(String output) {
    try {
      for (var card : READER.readTree(output).path("SPDisplaysDataType")) {
        var cores = Numbers.whole(card.path("sppci_cores").asText(""));
        if (cores.isPresent() && cores.getAsLong() > 0 && cores.getAsLong() < 10_000) {
          return OptionalInt.of((int) cores.getAsLong());
        }
      }
      return OptionalInt.empty();
    } catch (JsonProcessingException e) {
      return OptionalInt.empty();
    }
  }
}
