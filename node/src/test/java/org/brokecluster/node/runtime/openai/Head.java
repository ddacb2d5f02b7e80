package org.brokecluster.node.runtime.openai;

import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse.ResponseInfo;
import java.util.List;
import java.util.Map;

/** Status and content type of an answer. */
record Head(int statusCode, String type) implements ResponseInfo {
  @Override
  public HttpHeaders headers() {
    return HttpHeaders.of(Map.of("content-type", List.of(type)), (name, value) -> true);
  }

  @Override
  public HttpClient.Version version() {
    return HttpClient.Version.HTTP_1_1;
  }
}
