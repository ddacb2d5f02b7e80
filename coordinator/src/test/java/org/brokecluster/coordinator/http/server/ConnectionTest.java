package org.brokecluster.coordinator.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ConnectionTest {
  private final Connection connection = new Connection();
  private final AtomicInteger told = new AtomicInteger();

  @Test
  void tellsEveryListenerOnce() {
    connection.onGone(told::incrementAndGet);
    connection.onGone(told::incrementAndGet);
    assertThat(connection.gone()).isFalse();

    connection.markGone();
    connection.markGone();

    assertThat(told).hasValue(2);
    assertThat(connection.gone()).isTrue();
  }

  @Test
  void tellsAListenerThatComesTooLateAtOnce() {
    connection.markGone();

    connection.onGone(told::incrementAndGet);

    assertThat(told).hasValue(1);
  }

  @Test
  void forgetsAListenerThatIsClosed() {
    var registration = connection.onGone(told::incrementAndGet);
    registration.close();
    registration.close();

    connection.markGone();

    assertThat(told).hasValue(0);
  }

  @Test
  void isBusyWhileARequestIsWorkedOn() {
    connection.requestBegins();
    assertThat(connection.busy()).isTrue();
    assertThat(connection.takeRequested()).isTrue();
    assertThat(connection.takeRequested()).isFalse();

    connection.requestEnds();
    assertThat(connection.busy()).isFalse();
  }
}
