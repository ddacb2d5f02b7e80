package org.brokecluster.coordinator.http.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.router.TrafficClass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client wishes of us, beyond what OpenAI knows. */
class WishesReadingTest extends ChatCallCase {
  @Test
  void readsWishesFromHeaders() {
    var call =
        chat(
            "{" + HI + ",'broke':{'tier':'basic','session':'from-body'}}",
            Map.of(
                "x-broke-strategy", "speed",
                "x-broke-tier", "premium",
                "x-broke-node", "studio-m2",
                "x-broke-class", "batch",
                "x-broke-depth", "3",
                "x-broke-prior-score", "0.25",
                "x-broke-keep", "30",
                "x-broke-max-seconds", "60",
                "x-broke-rescue", "strict",
                "x-broke-explain", "true"));

    assertThat(call.wishes().strategy()).isEqualTo("speed");
    assertThat(call.wishes().tier()).isEqualTo(Tier.PREMIUM);
    assertThat(call.wishes().node()).isEqualTo(NodeId.of("studio-m2"));
    assertThat(call.wishes().trafficClass()).isEqualTo(TrafficClass.BATCH);
    assertThat(call.wishes().depth()).isEqualTo(3);
    assertThat(call.wishes().priorScore()).isEqualTo(0.25);
    assertThat(call.wishes().session()).isEqualTo("from-body");
    assertThat(call.extras().keepSeconds()).isEqualTo(30);
    assertThat(call.extras().maxSeconds()).isEqualTo(60);
    assertThat(call.extras().rescue()).isEqualTo(Rescue.STRICT);
    assertThat(call.extras().explain()).isTrue();
  }

  @Test
  void readsWishesFromTheBody() {
    var call =
        withHi(
            "'fallbacks':['small','basic'],'broke':{'prior_score':1,'max-seconds':5,"
                + "'explain':true,'user':'eve','action':'plan','role':'critic',"
                + "'framework':'crewai'}");

    assertThat(call.wishes().fallbacks()).isEqualTo(List.of("small", "basic"));
    assertThat(call.wishes().priorScore()).isEqualTo(1.0);
    assertThat(call.wishes().user()).isEqualTo("eve");
    assertThat(call.wishes().action()).isEqualTo("plan");
    assertThat(call.wishes().role()).isEqualTo("critic");
    assertThat(call.wishes().framework()).isEqualTo("crewai");
    assertThat(call.extras().maxSeconds()).isEqualTo(5);
    assertThat(call.extras().explain()).isTrue();
  }

  @Test
  void doesNotBelieveWhoAClientSaysItIsOnceKeysTell() {
    var body = ("{" + HI + ",\"user\":\"ann\"}").getBytes(UTF_8);

    var call =
        new ChatCallReader(false).read(Api.CHAT, REQUEST, body, Map.of("x-broke-user", "root"));

    assertThat(call.wishes().user()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "x-broke-keep, 121",
    "x-broke-keep, soon",
    "x-broke-keep, -1",
    "x-broke-max-seconds, 0",
    "x-broke-tier, huge",
    "x-broke-node, Not A Node",
    "x-broke-class, vip",
    "x-broke-rescue, maybe",
    "x-broke-explain, perhaps",
    "x-broke-prior-score, 1.5",
    "x-broke-prior-score, good",
    "x-broke-depth, -1",
    "x-broke-nod, studio",
  })
  void namesTheHeaderThatIsWrong(String header, String value) {
    var error = refused(() -> chat("{" + HI + "}", Map.of(header, value)));

    assertThat(error.param()).isEqualTo(header);
  }
}
