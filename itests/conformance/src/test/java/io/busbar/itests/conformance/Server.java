package io.busbar.itests.conformance;

import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.itests.broker.RunningBroker;
import io.busbar.storage.memory.MemoryStore;
import io.busbar.testkit.client.RawClient;
import io.busbar.testkit.time.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The server under test: one in this JVM, anew for each test, or the one that was named. */
final class Server implements BeforeEachCallback, AfterEachCallback {
    private static final String NAMED = System.getProperty("busbar.conformance.server", "");

    private final List<RawClient> clients = new ArrayList<>();
    private @Nullable RunningBroker own;
    private String host = "127.0.0.1";
    private int port;

    @Override
    public void beforeEach(ExtensionContext context) {
        if (NAMED.isEmpty()) {
            own = new RunningBroker(new MemoryStore(), Map.of(), 0, 2);
            port = own.port();
        } else {
            int colon = NAMED.lastIndexOf(':');
            host = NAMED.substring(0, colon);
            port = Integer.parseInt(NAMED.substring(colon + 1));
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        clients.forEach(RawClient::close);
        clients.clear();
        if (own != null) {
            own.close();
        }
    }

    /** Whether it is the one in this JVM. */
    boolean isOurs() {
        return own != null;
    }

    /**
     * Waits until our own server has noticed the end of all connections, so that it refuses nobody
     * a Client Identifier that another user had before.
     */
    void awaitNobody() {
        RunningBroker running = own;
        if (running != null) {
            Await.until(() -> running.broker().stats().connections().online() == 0);
        }
    }

    /** A new socket; closed after the test. */
    RawClient open(ProtocolVersion version) {
        RawClient client = RawClient.to(host, port, version);
        clients.add(client);
        return client;
    }
}
