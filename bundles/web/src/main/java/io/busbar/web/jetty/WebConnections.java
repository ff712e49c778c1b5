package io.busbar.web.jetty;

import io.busbar.web.http.HttpCounters;
import io.busbar.web.http.HttpCounters.Cause;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.IdleTimeout;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the connections of the web server, so that they can never take the descriptors of MQTT.
 * Beyond the limit of an address it loses the one that was idle longest; beyond that of all, the
 * address that has most does. So a new one always gets in. Thread-safe.
 */
public final class WebConnections implements Connection.Listener {
    /** Identifiers of clients stand in paths, with whatever characters they have. */
    private static final UriCompliance ANY_SEGMENT =
            UriCompliance.DEFAULT.with(
                    "BUSBAR",
                    Violation.AMBIGUOUS_PATH_SEGMENT,
                    Violation.AMBIGUOUS_EMPTY_SEGMENT,
                    Violation.AMBIGUOUS_PATH_SEPARATOR,
                    Violation.AMBIGUOUS_PATH_PARAMETER,
                    Violation.AMBIGUOUS_PATH_ENCODING,
                    Violation.SUSPICIOUS_PATH_CHARACTERS);

    private static final int BURST = 16;

    private final Supplier<ConnectionLimits> limits;
    private final Predicate<String> isProxy;
    private final HttpCounters counters;

    /** With whom; one that is closed does not know it any more. */
    private final Map<Connection, SocketAddress> open = new ConcurrentHashMap<>();

    private final Map<String, Integer> byAddress = new HashMap<>();
    private volatile @Nullable ServerConnector bounded;

    /**
     * Bounds nothing yet.
     *
     * @param limits asked at every connection
     * @param isProxy addresses that speak for many
     */
    public WebConnections(
            Supplier<ConnectionLimits> limits, Predicate<String> isProxy, HttpCounters counters) {
        this.limits = limits;
        this.isProxy = isProxy;
        this.counters = counters;
    }

    /** Bounds a connector that is stopped, and teaches its server our words. */
    public void bound(Server server, ServerConnector connector) {
        connector.getBeans(Connection.Listener.class).forEach(connector::removeBean);
        connector.getBeans(NetworkConnectionLimit.class).forEach(connector::removeBean);
        connector.addBean(this);
        // A burst is accepted faster than it is looked at: beyond, the rest waits in the kernel.
        connector.addBean(new NetworkConnectionLimit(limits.get().maximum() + BURST, connector));
        bounded = connector;
        HttpConfiguration.ConnectionFactory http =
                connector.getConnectionFactory(HttpConfiguration.ConnectionFactory.class);
        http.getHttpConfiguration().setUriCompliance(ANY_SEGMENT);
        ProblemErrors errors = new ProblemErrors(counters);
        server.setErrorHandler(errors);
        for (ServletContextHandler context : server.getDescendants(ServletContextHandler.class)) {
            context.setErrorHandler(errors);
            context.getServletHandler().setDecodeAmbiguousURIs(true);
        }
    }

    @Override
    public void onOpened(Connection connection) {
        SocketAddress peer = connection.getEndPoint().getRemoteSocketAddress();
        if (peer == null) {
            return; // It is gone already.
        }
        String address = addressOf(peer);
        ConnectionLimits now = limits.get();
        Optional<Connection> tooMany = Optional.empty();
        synchronized (byAddress) {
            open.put(connection, peer);
            int mine = byAddress.merge(address, 1, Integer::sum);
            if (mine > now.perAddress() && !isProxy.test(address)) {
                tooMany = idlestOf(address);
            } else if (open.size() > now.maximum()) {
                tooMany = largestHolder().flatMap(this::idlestOf);
            }
            // At once: closing takes a while, and the next one is to cost another.
            tooMany.ifPresent(this::forget);
        }
        tooMany.ifPresent(
                one -> {
                    counters.count(Cause.TOO_MANY_CONNECTIONS);
                    close(List.of(one.getEndPoint()));
                });
    }

    private Optional<String> largestHolder() {
        return byAddress.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey);
    }

    private Optional<Connection> idlestOf(String address) {
        return open.entrySet().stream()
                .filter(e -> addressOf(e.getValue()).equals(address))
                .map(Map.Entry::getKey)
                .max(Comparator.comparingLong(WebConnections::idleMillis));
    }

    private static long idleMillis(Connection connection) {
        return connection.getEndPoint() instanceof IdleTimeout endPoint ? endPoint.getIdleFor() : 0;
    }

    @Override
    public void onClosed(Connection connection) {
        synchronized (byAddress) {
            forget(connection);
        }
    }

    private void forget(Connection connection) {
        SocketAddress peer = open.remove(connection);
        if (peer != null) {
            byAddress.computeIfPresent(
                    addressOf(peer), (key, count) -> count == 1 ? null : count - 1);
        }
    }

    /** Closes those that have not sent a request in time; to be called now and then. */
    public void closeSilent() {
        long before = System.currentTimeMillis() - limits.get().firstRequestSeconds() * 1000L;
        List<EndPoint> silent = new ArrayList<>();
        for (Connection connection : open.keySet()) {
            EndPoint endPoint = connection.getEndPoint();
            if (connection.getMessagesIn() == 0 && endPoint.getCreatedTimeStamp() < before) {
                silent.add(endPoint);
                counters.count(Cause.NO_REQUEST);
            }
        }
        close(silent);
    }

    /** Closes a connection, whatever it is doing. */
    public void cut(InetSocketAddress peer) {
        open.forEach(
                (connection, with) -> {
                    if (peer.equals(with)) {
                        close(List.of(connection.getEndPoint()));
                    }
                });
    }

    /** Closes, and wakes the selectors: a descriptor is kept until its selector has turned. */
    private void close(List<EndPoint> endPoints) {
        endPoints.forEach(EndPoint::close);
        ServerConnector connector = bounded;
        if (connector != null && !endPoints.isEmpty()) {
            connector
                    .getSelectorManager()
                    .getBeans(ManagedSelector.class)
                    .forEach(selector -> selector.submit(turning -> {}));
        }
    }

    /** How many there are. */
    public int count() {
        return open.size();
    }

    private static String addressOf(SocketAddress peer) {
        return peer instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress().getHostAddress()
                : String.valueOf(peer);
    }
}
