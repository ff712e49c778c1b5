package io.busbar.mqtt.transport.listener;

import io.busbar.api.broker.Rejection;
import io.busbar.api.broker.Transport;
import io.busbar.mqtt.broker.link.Connections;
import io.busbar.mqtt.transport.admission.Admission;
import io.busbar.mqtt.transport.connection.ConnectionSettings;
import io.busbar.mqtt.transport.connection.OpenLinks;
import io.busbar.mqtt.transport.connection.SocketLink;
import io.busbar.mqtt.transport.loops.EventLoops;
import io.busbar.mqtt.transport.proxy.ProxyHeader;
import io.busbar.mqtt.transport.tls.Tls;
import io.busbar.mqtt.transport.websocket.WebSocketGate;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.unix.DomainSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Builds the pipeline of each new connection, with the settings of that moment. */
final class ConnectionInitializer extends ChannelInitializer<Channel> {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionInitializer.class);

    private final Supplier<@Nullable ListenerSettings> current;
    private final EventLoops loops;
    private final Connections connections;
    private final Admission admission;
    private final OpenLinks links;

    /**
     * Makes one for a listener.
     *
     * @param current its settings; there are some as soon as it listens
     */
    ConnectionInitializer(
            Supplier<@Nullable ListenerSettings> current,
            EventLoops loops,
            Connections connections,
            Admission admission,
            OpenLinks links) {
        this.current = current;
        this.loops = loops;
        this.connections = connections;
        this.admission = admission;
        this.links = links;
    }

    @Override
    protected void initChannel(Channel channel) {
        ListenerSettings settings = Objects.requireNonNull(current.get(), "settings");
        String listener = settings.connections().listener();
        boolean proxied = settings.connections().proxied();
        Admission.Seat seat = admission.seat();
        InetSocketAddress peer = peer(channel);
        boolean trusted = settings.proxies().contains(peer);
        if (proxied && !trusted) {
            LOG.debug(
                    "Connection is refused: no trusted proxy (listener={}, address={})",
                    listener,
                    peer);
            seat.leave();
            channel.close();
            return;
        }
        // Whom a proxy speaks for is asked about when it has said so.
        if (!proxied && !(settings.forwarded() && trusted)) {
            seat.at(peer.getAddress());
        }
        // Whoever is refused is told where that costs no TLS handshake.
        Rejection.Cause refusal = seat.refusal();
        if (refusal != null && (settings.tls() != null || !seat.mayBeTold())) {
            connections.refused(peer, listener, refusal);
            seat.leave();
            channel.close();
            return;
        }
        build(channel, settings, peer, seat);
    }

    /**
     * The other end: this machine, if it came over a Unix domain socket; the unspecified address,
     * if it is gone already.
     */
    private static InetSocketAddress peer(Channel channel) {
        if (channel instanceof DomainSocketChannel) {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        }
        return channel.remoteAddress() instanceof InetSocketAddress address
                ? address
                : new InetSocketAddress(0);
    }

    private void build(
            Channel channel,
            ListenerSettings settings,
            InetSocketAddress peer,
            Admission.Seat seat) {
        ConnectionSettings connection = settings.connections();
        ChannelPipeline pipeline = channel.pipeline();
        channel.config()
                .setWriteBufferWaterMark(
                        new WriteBufferWaterMark(
                                connection.sendBufferBytes() / 4, connection.sendBufferBytes()));
        if (connection.transport() == Transport.TCP && loops.io().readsWhenReady()) {
            channel.config().setRecvByteBufAllocator(loops.receiveBuffers());
        }
        if (connection.proxied()) {
            ProxyHeader.addTo(pipeline);
        }
        Tls tls = settings.tls();
        if (tls != null) {
            pipeline.addLast(tls.context().newHandler(channel.alloc()));
        }
        if (connection.transport().isWebSocket()) {
            WebSocketGate.addTo(
                    pipeline,
                    settings.path(),
                    settings.origins(),
                    settings.forwarded() ? settings.proxies() : null);
        }
        pipeline.addLast(
                new SocketLink(
                        channel,
                        connection,
                        connections,
                        loops.of(channel.eventLoop()),
                        links,
                        peer,
                        seat));
    }
}
