package io.busbar.mqtt.transport.connection;

import io.busbar.api.broker.Rejection;
import io.busbar.mqtt.broker.link.ClientConnection;
import io.busbar.mqtt.broker.link.ClientLink;
import io.busbar.mqtt.broker.link.Connections;
import io.busbar.mqtt.transport.admission.Admission;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection from its first byte to its CONNECT: finds out where it comes from, asks the limits,
 * and ends it if all of this, handshakes included, takes too long. Confined to the loop but for
 * {@link #address}.
 */
final class ConnectionSetup {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionSetup.class);

    private final Channel channel;
    private final Connections connections;
    private final ConnectionSettings settings;
    private final Admission.Seat seat;

    private InetSocketAddress address;
    private boolean refused;
    private @Nullable Future<?> deadline;

    ConnectionSetup(
            Channel channel,
            Connections connections,
            ConnectionSettings settings,
            InetSocketAddress peer,
            Admission.Seat seat) {
        this.channel = channel;
        this.connections = connections;
        this.settings = settings;
        this.address = peer;
        this.seat = seat;
    }

    /** The time for it begins; false if it began before. */
    boolean begin() {
        if (deadline != null) {
            return false;
        }
        deadline =
                channel.eventLoop()
                        .schedule(
                                this::timedOut,
                                connections.connectTimeoutMillis(),
                                TimeUnit.MILLISECONDS);
        return true;
    }

    private void timedOut() {
        LOG.debug(
                "CONNECT did not come in time (listener={}, address={})",
                settings.listener(),
                address);
        if (!refused) {
            connections.refused(address, settings.listener(), Rejection.Cause.CONNECT_TIMEOUT);
        }
        channel.close();
    }

    /** A proxy says whom it speaks for. */
    void comesFrom(InetSocketAddress source) {
        address = source;
    }

    InetSocketAddress address() {
        return address;
    }

    /** Whether the limits have no place for it, nor for an answer that says so: then it ends. */
    boolean isTurnedAway() {
        seat.at(address.getAddress());
        Rejection.Cause refusal = seat.refusal();
        if (refusal == null) {
            return false;
        }
        if (!refused) {
            refused = true;
            connections.refused(address, settings.listener(), refusal);
        }
        if (!settings.transport().isSecure() && seat.mayBeTold()) {
            return false;
        }
        channel.close();
        return true;
    }

    /** Who is to get its packets, once it is not turned away. */
    ClientConnection open(ClientLink link) {
        Rejection.Cause refusal = seat.refusal();
        return refusal == null
                ? connections.open(link)
                : new RefusedConnection(link, refusal.reason());
    }

    /** CONNECT is there. */
    void complete() {
        Future<?> timeout = deadline;
        if (timeout != null) {
            timeout.cancel(false);
        }
    }

    /** The connection is gone, and its place free. */
    void leave() {
        complete();
        seat.leave();
    }
}
