package org.brokecluster.coordinator.router;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.state.NodeFacts;
import org.brokecluster.protocol.state.NodeLoad;
import org.brokecluster.protocol.state.RouterStatus;
import org.jspecify.annotations.Nullable;

/**
 * The cluster as this member sees it at one moment: members, what each has gossiped, and the
 * router's status. Immutable and safe to share between threads.
 *
 * @param members every member, sorted by address
 * @param router the router's latest status, or null before the first one arrived
 */
public record ClusterView(List<MemberView> members, @Nullable RouterStatus router) {
  /** Nothing known yet. */
  public static final ClusterView EMPTY = new ClusterView(List.of(), null);

  /** Copies the list. */
  public ClusterView {
    members = List.copyOf(members);
  }

  /**
   * One incarnation of a member.
   *
   * @param uid uid of the incarnation
   * @param address cluster address as {@code host:port}
   * @param membership stand in the cluster: joining, up, unreachable or leaving, never draining
   * @param roles cluster roles
   * @param facts what it said about itself, or null if nothing arrived yet
   * @param load how it is doing, or null if nothing arrived yet
   */
  public record MemberView(
      long uid,
      String address,
      MemberState membership,
      Set<String> roles,
      @Nullable NodeFacts facts,
      @Nullable NodeLoad load) {
    /** Copies the roles. */
    public MemberView {
      roles = Set.copyOf(roles);
    }

    /** Stand of the member as users see it, a drain included. */
    public MemberState state() {
      boolean draining = load != null && load.draining();
      return membership == MemberState.UP && draining ? MemberState.DRAINING : membership;
    }

    /** Its name, known once its facts have arrived. */
    public Optional<NodeId> name() {
      return Optional.ofNullable(facts).map(NodeFacts::name);
    }

    /** Whether it runs models, as far as is known. */
    public boolean isNode() {
      return facts != null && facts.node() != null;
    }
  }

  /**
   * The member with this name. After a restart two incarnations may be seen for a while: the one
   * that is up comes first, then the one that joins.
   */
  public Optional<MemberView> member(NodeId name) {
    MemberView best = null;
    for (var member : members) {
      if (member.facts() != null && member.facts().name().equals(name) && beats(member, best)) {
        best = member;
      }
    }
    return Optional.ofNullable(best);
  }

  /** The member with this uid. */
  public Optional<MemberView> member(long uid) {
    return members.stream().filter(member -> member.uid() == uid).findFirst();
  }

  /** Members that run models, one for each name, sorted by name. */
  public List<MemberView> nodes() {
    return members.stream()
        .filter(MemberView::isNode)
        .flatMap(member -> member.name().stream())
        .distinct()
        .sorted()
        .flatMap(name -> member(name).stream())
        .filter(MemberView::isNode)
        .toList();
  }

  private static boolean beats(MemberView member, @Nullable MemberView best) {
    return best == null || rank(member) < rank(best);
  }

  private static int rank(MemberView member) {
    return switch (member.membership()) {
      case UP, DRAINING -> 0;
      case JOINING -> 1;
      case UNREACHABLE -> 2;
      case LEAVING -> 3;
    };
  }
}
