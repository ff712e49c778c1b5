package io.busbar.mqtt.transport;

import io.busbar.api.broker.Rejection;
import io.busbar.api.broker.Transport;
import io.busbar.mqtt.broker.link.Connections;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.unix.DomainSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Builds the pipeline of each new connection, with the settings of that moment. */
final class ConnectionInitializer extends ChannelInitializer<Channel> {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionInitializer.class);

    /** Enough for browsers with their cookies, too little for a header bomb. */
    private static final int HTTP_LINE_BYTES = 4 << 10;

    private static final int HTTP_HEADER_BYTES = 16 << 10;
    private static final int HTTP_BODY_BYTES = 1 << 10;

    private final Listener listener;
    private final EventLoops loops;
    private final Connections connections;
    private final Admission admission;
    private final Set<SocketLink> links;

    ConnectionInitializer(
            Listener listener,
            EventLoops loops,
            Connections connections,
            Admission admission,
            Set<SocketLink> links) {
        this.listener = listener;
        this.loops = loops;
        this.connections = connections;
        this.admission = admission;
        this.links = links;
    }

    @Override
    protected void initChannel(Channel channel) {
        ListenerSettings settings = listener.settings();
        Admission.Seat seat = admission.seat();
        InetSocketAddress peer = peer(channel);
        boolean trusted = settings.proxies().contains(peer);
        if (settings.proxied() && !trusted) {
            LOG.debug(
                    "Connection is refused: no trusted proxy (listener={}, address={})",
                    listener.name(),
                    peer);
            seat.leave();
            channel.close();
            return;
        }
        // Whom a proxy speaks for is asked about when it has said so.
        if (!settings.proxied() && !(settings.forwarded() && trusted)) {
            seat.at(peer.getAddress());
        }
        // Whoever is refused is told where that costs no TLS handshake.
        Rejection.Cause refusal = seat.refusal();
        if (refusal != null && (settings.tls() != null || !seat.mayBeTold())) {
            connections.refused(peer, listener.name(), refusal);
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
        ChannelPipeline pipeline = channel.pipeline();
        Transport transport = settings.transport();
        if (transport == Transport.TCP && loops.io().readsWhenReady()) {
            channel.config().setRecvByteBufAllocator(loops.receiveBuffers());
        }
        if (settings.proxied()) {
            pipeline.addLast(new ProxyHeader());
        }
        Tls tls = settings.tls();
        if (tls != null) {
            pipeline.addLast(tls.context().newHandler(channel.alloc()));
        }
        if (settings.isWebSocket()) {
            pipeline.addLast(
                    new HttpServerCodec(
                            new HttpDecoderConfig()
                                    .setMaxInitialLineLength(HTTP_LINE_BYTES)
                                    .setMaxHeaderSize(HTTP_HEADER_BYTES)),
                    new HttpObjectAggregator(HTTP_BODY_BYTES),
                    new WebSocketGate(settings));
        }
        SocketLink link =
                new SocketLink(
                        channel,
                        listener,
                        connections,
                        loops.of(channel.eventLoop()),
                        loops.partialPackets(),
                        settings,
                        new ConnectionSetup(channel, connections, listener, settings, peer, seat));
        links.add(link);
        pipeline.addLast(link);
    }
}
