package org.brokecluster.node.runtime.http;

import java.net.URI;

/** The JDK's client does not care whether the connection is secured, so the test is without. */
class SecureHttpClientTest extends HttpClientContract {
  @Override
  HttpClient open(URI server) {
    return new SecureHttpClient(CONNECT, "test-secure");
  }
}
