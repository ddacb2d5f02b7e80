package org.brokecluster.node.runtime.openai;

import org.brokecluster.node.runtime.ModelRuntime;
import org.brokecluster.node.runtime.ServedRuntimeContract;
import org.brokecluster.node.runtime.testserver.GenericServer;
import org.brokecluster.node.runtime.testserver.TestServer;
import org.brokecluster.protocol.id.ModelId;

class GenericContractTest extends ServedRuntimeContract {
  @Override
  protected TestServer serve() throws Exception {
    return new GenericServer(0);
  }

  @Override
  protected ModelRuntime attach(String url, Patience patience) {
    return Servers.attach("openai=" + url, Servers.wide(patience));
  }

  @Override
  protected ModelId model() {
    return ModelId.of(GenericServer.MODEL);
  }
}
