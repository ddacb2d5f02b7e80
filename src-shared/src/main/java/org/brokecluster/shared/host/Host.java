package org.brokecluster.shared.host;

import akka.actor.typed.ActorSystem;
import com.typesafe.config.Config;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One JVM: what outlives every membership. Parts get it at start.
 *
 * @param settings who this host is
 * @param config the whole resolved configuration; read it into a settings record at start only
 * @param system an actor system without remoting, for HTTP, runtimes and the database
 * @param metrics every meter of this process
 * @param httpAddress base address of the edge once it is bound, such as {@code
 *     http://127.0.0.1:8000}; the one for other machines where it has two
 * @param joinTrouble why this host is in no cluster, for people; nothing while it is in one or has
 *     only begun to join
 * @param configWatch tells what changes in the configuration
 */
public record Host(
    HostSettings settings,
    Config config,
    ActorSystem<?> system,
    PrometheusMeterRegistry metrics,
    AtomicReference<@Nullable String> httpAddress,
    AtomicReference<@Nullable String> joinTrouble,
    ConfigWatch configWatch) {}
