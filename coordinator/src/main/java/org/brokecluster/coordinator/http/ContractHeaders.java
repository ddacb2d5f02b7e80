package org.brokecluster.coordinator.http;

import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.headers.RawHeader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.brokecluster.coordinator.http.json.JsonBytes;
import org.brokecluster.coordinator.routing.scorer.QualityColor;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.router.Placement;
import org.jspecify.annotations.Nullable;

/**
 * What a response says of how it came to be: the {@code x-broke-*} headers, or the same as a JSON
 * object where headers have been sent already. What is not known is left out.
 *
 * @param placement the decision for the attempt that answers, or null if there is none yet
 * @param attempts attempts made so far, 0 if unknown
 * @param simulated whether the answer comes from the simulated runtime
 * @param etaMs predicted time to the first token while there is no decision yet, or null
 */
public record ContractHeaders(
    RequestId request,
    @Nullable Placement placement,
    int attempts,
    boolean simulated,
    @Nullable Long etaMs) {
  /** Header with the id of the request; on every response. */
  public static final String REQUEST_ID = "x-request-id";

  /** Headers of a request of which nothing is known yet. */
  public static ContractHeaders of(RequestId request) {
    return new ContractHeaders(request, null, 0, false, null);
  }

  /** The header with a request's id. */
  public static HttpHeader requestId(RequestId request) {
    return RawHeader.create(REQUEST_ID, request.value());
  }

  /** The headers. */
  public List<HttpHeader> headers() {
    var headers = new ArrayList<HttpHeader>(13);
    headers.add(requestId(request));
    if (attempts > 0) {
      add(headers, "attempts", Integer.toString(attempts));
    }
    if (simulated) {
      add(headers, "simulated", "true");
    }
    var known = placement;
    if (known != null) {
      add(headers, "node", known.node().value());
      add(headers, "model", known.model().value());
      add(headers, "tier", known.tier().label());
      add(headers, "quality", decimal(known.qualityTemperature()));
      add(headers, "quality-color", color(known.qualityTemperature()));
      add(headers, "quality-basis", known.qualityBasis());
      add(headers, "strategy", known.strategy());
      add(headers, "eta-ms", Long.toString(known.firstTokenMs()));
      var promise = known.promise();
      if (promise != null) {
        var interval = promise.firstTokenLowMs() + "-" + promise.firstTokenHighMs();
        add(headers, "eta-interval-ms", interval);
      }
      add(headers, "queue-ms", Long.toString(known.queuedMs()));
    } else if (etaMs != null) {
      add(headers, "eta-ms", Long.toString(etaMs));
    }
    return headers;
  }

  /** The same as a JSON object, for the last event of a stream whose headers came too early. */
  public String json() {
    var out = new JsonBytes(256).raw("{\"request\":").string(request.value());
    out.raw(",\"attempts\":")
        .number(attempts)
        .raw(",\"simulated\":")
        .raw(Boolean.toString(simulated));
    var known = placement;
    if (known != null) {
      out.raw(",\"node\":").string(known.node().value());
      out.raw(",\"model\":").string(known.model().value());
      out.raw(",\"tier\":").string(known.tier().label());
      out.raw(",\"quality\":").raw(decimal(known.qualityTemperature()));
      out.raw(",\"quality_color\":").string(color(known.qualityTemperature()));
      out.raw(",\"quality_basis\":").string(known.qualityBasis());
      out.raw(",\"strategy\":").string(known.strategy());
      out.raw(",\"eta_ms\":").number(known.firstTokenMs());
      out.raw(",\"finish_ms\":").number(known.finishMs());
      var promise = known.promise();
      if (promise != null) {
        interval(
            out, ",\"eta_interval_ms\":[", promise.firstTokenLowMs(), promise.firstTokenHighMs());
        interval(out, ",\"finish_interval_ms\":[", promise.finishLowMs(), promise.finishHighMs());
      }
      if (known.parameters() != null) {
        out.raw(",\"parameters\":").string(known.parameters().toString());
      }
      out.raw(",\"queue_ms\":").number(known.queuedMs());
    }
    return new String(out.raw("}").toBytes(), StandardCharsets.UTF_8);
  }

  private static void interval(JsonBytes out, String name, long low, long high) {
    out.raw(name).number(low).raw(",").number(high).raw("]");
  }

  private static String color(double temperature) {
    return QualityColor.of(temperature).label();
  }

  private static void add(List<HttpHeader> headers, String name, String value) {
    headers.add(RawHeader.create("x-broke-" + name, value));
  }

  private static String decimal(double value) {
    long thousandths = Math.round(value * 1000);
    var text = Long.toString(1000 + thousandths); // Every response has one: no Formatter.
    return (thousandths < 1000 ? "0." : "1.") + text.substring(1);
  }
}
