package org.brokecluster.coordinator.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Builds the addresses of what can be done to one machine. */
final class NodePath {
  private NodePath() {}

  static String of(String node, String action) {
    return "/api/nodes/" + URLEncoder.encode(node, StandardCharsets.UTF_8) + action;
  }
}
