package org.brokecluster.coordinator.router;

import akka.cluster.Member;
import akka.cluster.MemberStatus;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.brokecluster.coordinator.router.ClusterView.MemberView;
import org.brokecluster.protocol.state.NodeFacts;
import org.brokecluster.protocol.state.NodeLoad;
import org.brokecluster.protocol.state.RouterStatus;
import org.jspecify.annotations.Nullable;

/** What is known of every present member, from which views are made. Not thread safe. */
final class ViewBuilder {
  private final Map<Long, Entry> entries = new HashMap<>();
  private @Nullable RouterStatus router;

  private static final class Entry {
    private String address = "";
    private Set<String> roles = Set.of();
    private MemberState status = MemberState.JOINING;
    private boolean reachable = true;
    private @Nullable NodeFacts facts;
    private @Nullable NodeLoad load;

    MemberView view(long uid) {
      var shown = reachable || status == MemberState.LEAVING ? status : MemberState.UNREACHABLE;
      return new MemberView(uid, address, shown, roles, facts, load);
    }
  }

  /** Takes a member's status; true if the incarnation is new. */
  boolean member(Member member) {
    long uid = member.uniqueAddress().longUid();
    boolean isNew = !entries.containsKey(uid);
    var entry = entries.computeIfAbsent(uid, key -> new Entry());
    var address = member.address();
    entry.address = address.getHost().orElse("?") + ":" + address.getPort().orElse(0);
    entry.roles = Set.copyOf(member.getRoles());
    entry.status = status(member.status());
    return isNew;
  }

  /** Forgets an incarnation; false if it was not known. */
  boolean removed(long uid) {
    return entries.remove(uid) != null;
  }

  void reachable(long uid, boolean reachable) {
    var entry = entries.get(uid);
    if (entry != null) {
      entry.reachable = reachable;
    }
  }

  void facts(long uid, NodeFacts facts) {
    var entry = entries.get(uid);
    if (entry != null && facts.memberUid() == uid) {
      entry.facts = facts;
    }
  }

  void load(long uid, NodeLoad load) {
    var entry = entries.get(uid);
    if (entry != null && load.memberUid() == uid) {
      entry.load = load;
    }
  }

  void router(RouterStatus status) {
    router = status;
  }

  ClusterView build() {
    var members =
        entries.entrySet().stream()
            .map(entry -> entry.getValue().view(entry.getKey()))
            .sorted(Comparator.comparing(MemberView::address).thenComparing(MemberView::uid))
            .toList();
    return new ClusterView(members, router);
  }

  private static MemberState status(MemberStatus status) {
    if (status.equals(MemberStatus.up())) {
      return MemberState.UP;
    }
    boolean joining =
        status.equals(MemberStatus.joining()) || status.equals(MemberStatus.weaklyUp());
    return joining ? MemberState.JOINING : MemberState.LEAVING;
  }
}
