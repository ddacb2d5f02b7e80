package org.brokecluster.node.pull;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.brokecluster.node.pull.FakeHub.Fault;
import org.brokecluster.protocol.node.NodeProtocol.PullPhase;
import org.brokecluster.shared.config.SettingsReader;
import org.junit.jupiter.api.Test;

/** What a pull must not do, and what it says instead. */
class PullRefusalsTest extends PullerCase {
  @Test
  void givesTheTokenToTheHubAndToNobodyElse() throws IOException {
    start("");
    hub.tokenNeeded = SECRET;

    assertThat(pull().phase()).isEqualTo(PullPhase.DONE);

    assertThat(hub.askedFor("model.safetensors")).isOne();
    assertThat(hub.tokensAtStore).isEmpty();
    assertComplete();
  }

  @Test
  void saysWhatAGatedModelNeedsWithoutNamingTheToken() {
    start("# anonymous");
    hub.tokenNeeded = SECRET;

    var gated = pull();

    assertThat(gated.phase()).isEqualTo(PullPhase.FAILED);
    assertThat(gated.message())
        .contains("gated", "accept its terms at " + hub.url() + "/" + FakeHub.MODEL, "HF_TOKEN");
  }

  @Test
  void saysThatTheTokenIsNotEnough() {
    start("");
    hub.tokenNeeded = "another";
    hub.errorCode = "";

    var refused = pull();

    assertThat(refused.message()).contains("HF_TOKEN").doesNotContain(SECRET);
  }

  @Test
  void saysThatThereIsNoSuchModel() {
    start("# anonymous");
    puller.start("tiny/unheard-of", List.of());
    await(() -> puller.look("tiny/unheard-of").phase().over());

    assertThat(puller.look("tiny/unheard-of").message())
        .contains("no public model tiny/unheard-of")
        .contains("HF_TOKEN");
  }

  @Test
  void neverShowsTheSignatureOfARedirect() {
    start("broke.node.pull.tries-max = 1");
    hub.redirectTo = "http://127.0.0.1:1/store/x?Signature=secret-signature";

    var failed = pull();

    assertThat(failed.phase()).isEqualTo(PullPhase.FAILED);
    assertThat(failed.message()).contains("127.0.0.1:1").doesNotContain("secret-signature");
  }

  @Test
  void doesNotFollowRedirectsForEver() {
    start("");
    hub.redirectTo =
        hub.url() + "/" + FakeHub.MODEL + "/resolve/" + FakeHub.COMMIT + "/model.safetensors";

    assertThat(pull().message()).contains("redirects more than");
  }

  @Test
  void refusesToFillTheDisk() {
    start("broke.node.pull.disk-reserve = 1000TiB");

    var refused = pull();

    assertThat(refused.phase()).isEqualTo(PullPhase.FAILED);
    assertThat(refused.message()).contains("not enough space").contains("disk-reserve");
    assertThat(hub.askedFor("model.safetensors")).isZero();
  }

  @Test
  void fetchesNothingWhereItIsOfflineOrTheNameIsNone() {
    start("broke.node.models.offline = true");

    assertThat(puller.start(FakeHub.MODEL, List.of()).phase()).isEqualTo(PullPhase.REFUSED);
    assertThat(puller.start(FakeHub.MODEL, List.of()).message())
        .contains("broke.node.models.offline");
    assertThat(puller.start("nonsense", List.of()).message()).contains("OWNER/NAME");
    assertThat(puller.look(FakeHub.MODEL).phase()).isEqualTo(PullPhase.UNKNOWN);
    assertThat(hub.asked).isEmpty();
  }

  @Test
  void fetchesNoMoreModelsAtOnceThanItMay() {
    start("broke.node.pull.pulls-max = 1");
    hub.failing("model.safetensors", Fault.STALLS);
    puller.start(FakeHub.MODEL, List.of());

    var second = puller.start("tiny/other", List.of());

    assertThat(second.phase()).isEqualTo(PullPhase.REFUSED);
    assertThat(second.message()).contains("pulls-max");
  }

  @Test
  void refusesAnEndpointThatIsNone() {
    var config =
        ConfigFactory.parseString("broke.node.pull.endpoint = \"ftp://x\"")
            .withFallback(ConfigFactory.load());
    var reader = new SettingsReader(config);

    assertThat(PullSettings.read(reader).endpoint())
        .isEqualTo(URI.create("https://huggingface.co"));

    assertThat(reader.problems()).singleElement().asString().contains("broke.node.pull.endpoint");
  }
}
