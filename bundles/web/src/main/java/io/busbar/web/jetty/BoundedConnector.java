package io.busbar.web.jetty;

import org.apache.felix.http.jetty.ConnectorFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * The way to the web server. Felix keeps it to itself, but asks for connectors of others as soon as
 * it has started: it gets its own back, bounded. Thread-safe.
 */
public final class BoundedConnector implements ConnectorFactory {
    /** Where a connector waits while no bundle of ours is there to bound it. */
    private static final String WAITING = "io.busbar.web.connector";

    private final WebConnections connections;

    /** Has connectors bounded by these. */
    public BoundedConnector(WebConnections connections) {
        this.connections = connections;
    }

    @Override
    public Connector createConnector(Server server) {
        Connector[] present = server.getConnectors();
        ServerConnector connector =
                present.length > 0 && present[0] instanceof ServerConnector own
                        ? own
                        : (ServerConnector) server.getAttribute(WAITING);
        if (connector == null) {
            throw new IllegalStateException("The web server does not listen");
        }
        // Stops it; Felix starts it again.
        server.removeConnector(connector);
        server.setAttribute(WAITING, connector);
        connections.bound(server, connector);
        return connector;
    }
}
