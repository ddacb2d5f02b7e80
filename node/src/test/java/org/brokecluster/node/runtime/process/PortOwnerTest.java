package org.brokecluster.node.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.brokecluster.node.runtime.process.PortOwner.Holder;
import org.junit.jupiter.api.Test;

class PortOwnerTest {
  private static final Set<Long> US = Set.of(ProcessHandle.current().pid());
  private static final Set<Long> INIT = Set.of(1L);

  @Test
  void tellsOurOwnListenerFromAnother() throws Exception {
    var owner = PortOwner.ofThisSystem();
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
      assertThat(owner.holder(port, US)).isEqualTo(Holder.OURS);
      assertThat(owner.holder(port, INIT)).isEqualTo(Holder.OTHERS);
    }
    assertThat(owner.holder(port, US)).isEqualTo(Holder.NOBODY);
  }

  @Test
  void readsWhatLsofPrints() {
    // lsof -nP -iTCP:PORT -sTCP:LISTEN -Fp, as its manual describes: one field a line.
    assertThat(LsofPortOwner.parse(Optional.of("p77\nf12\n"), Set.of(77L))).isEqualTo(Holder.OURS);
    assertThat(LsofPortOwner.parse(Optional.of("p78\nf3\n"), Set.of(77L))).isEqualTo(Holder.OTHERS);
    assertThat(LsofPortOwner.parse(Optional.of(""), Set.of(77L))).isEqualTo(Holder.NOBODY);
    assertThat(LsofPortOwner.parse(Optional.of("lsof: WARNING"), US)).isEqualTo(Holder.UNKNOWN);
    assertThat(LsofPortOwner.parse(Optional.empty(), US)).isEqualTo(Holder.UNKNOWN);
  }

  @Test
  void saysThatItDoesNotKnowWhereItCannotLook() {
    assertThat(new ProcPortOwner(Path.of("/proc/self/cmdline")).holder(80, US))
        .isIn(Holder.UNKNOWN, Holder.NOBODY);
  }
}
