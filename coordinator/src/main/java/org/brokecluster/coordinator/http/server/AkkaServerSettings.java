package org.brokecluster.coordinator.http.server;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.settings.ServerSettings;
import com.typesafe.config.ConfigFactory;

/**
 * What Akka's HTTP layer is told. Time limits and sizes of bodies are off there, because they are
 * kept by {@link ConnectionGuard} and the routes, which know what is going on.
 */
final class AkkaServerSettings {
  private AkkaServerSettings() {}

  static ServerSettings of(HttpSettings settings, ActorSystem<?> system) {
    var own =
        ConfigFactory.parseString(
            """
            akka.http.server {
              server-header = ""
              default-host-header = "localhost"
              request-timeout = infinite
              idle-timeout = infinite
              pipelining-limit = 1
              transparent-head-requests = off
              verbose-error-messages = off
              parsing {
                error-handler = "%s"
                max-content-length = infinite
                max-to-strict-bytes = infinite
                max-header-count = %d
                max-header-value-length = %d
                max-uri-length = %d
                illegal-header-warnings = off
                uri-parsing-mode = relaxed
              }
            }
            """
                .formatted(
                    ParsingErrors.class.getName(),
                    settings.maxHeaderCount(),
                    settings.maxHeaderValue(),
                    settings.maxUri()));
    return ServerSettings.create(own.withFallback(system.settings().config()));
  }
}
