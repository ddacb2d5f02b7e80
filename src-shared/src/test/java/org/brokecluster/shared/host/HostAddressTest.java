package org.brokecluster.shared.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HostAddressTest {
  @Test
  void staysOnLoopbackAloneOrAddsIt() {
    assertThat(HostAddress.listening("127.0.0.1")).containsExactly("127.0.0.1");
    assertThat(HostAddress.listening("::1")).containsExactly("0:0:0:0:0:0:0:1");
    assertThat(HostAddress.listening("10.1.2.3")).containsExactly("127.0.0.1", "10.1.2.3");
    assertThat(HostAddress.listening("0.0.0.0")).containsExactly("0.0.0.0");
  }

  @Test
  void programsOnThisMachineUseLoopback() {
    assertThat(HostAddress.local("10.1.2.3")).isEqualTo("127.0.0.1");
    assertThat(HostAddress.local("0.0.0.0")).isEqualTo("127.0.0.1");
    assertThat(HostAddress.local("localhost")).isEqualTo("127.0.0.1");
    assertThat(HostAddress.url("0:0:0:0:0:0:0:1", 8000)).isEqualTo("http://[0:0:0:0:0:0:0:1]:8000");
  }

  @Test
  void knowsEveryAddressOfAName() {
    assertThat(HostAddress.present("localhost:25520")).contains("127.0.0.1:25520");
    assertThat(HostAddress.present("10.1.2.3:1")).isEqualTo(List.of("10.1.2.3:1"));
    assertThat(HostAddress.present("no-such-name.invalid:1"))
        .isEqualTo(List.of("no-such-name.invalid:1"));
  }

  @Test
  void aNameIsListenedToByItsAddress() {
    assertThat(HostAddress.own("localhost")).isEqualTo("127.0.0.1");
    assertThat(HostAddress.own("10.1.2.3")).isEqualTo("10.1.2.3");
    assertThat(HostAddress.own("no-such-name.invalid")).isEqualTo("no-such-name.invalid");
  }
}
