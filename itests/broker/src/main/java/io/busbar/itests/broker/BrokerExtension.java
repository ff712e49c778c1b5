package io.busbar.itests.broker;

import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.storage.memory.MemoryStore;
import io.busbar.testkit.client.RawClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A fresh broker with a store in memory for each test, on a free port of 127.0.0.1. */
public final class BrokerExtension implements BeforeEachCallback, AfterEachCallback {
    private final List<RawClient> clients = new ArrayList<>();
    private final Map<String, Object> settings;
    private final long memoryBytes;
    private RunningBroker running;

    /** With the limits that ship. */
    public BrokerExtension() {
        this(Map.of());
    }

    /** With settings that differ from them, as {@link RunningBroker} takes them. */
    public BrokerExtension(Map<String, Object> settings) {
        this(settings, 1L << 30);
    }

    /**
     * As the other one.
     *
     * @param memoryBytes what clients may hold of the heap, and of direct memory
     */
    public BrokerExtension(Map<String, Object> settings, long memoryBytes) {
        this.settings = settings;
        this.memoryBytes = memoryBytes;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        running = new RunningBroker(new MemoryStore(), settings, 0, 2, memoryBytes);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        clients.forEach(RawClient::close);
        clients.clear();
        running.close();
    }

    /** The broker of this test. */
    public RunningBroker running() {
        return running;
    }

    /** A new socket to it; closed after the test. */
    public RawClient client(ProtocolVersion version) {
        RawClient client = RawClient.to(running.port(), version);
        clients.add(client);
        return client;
    }
}
