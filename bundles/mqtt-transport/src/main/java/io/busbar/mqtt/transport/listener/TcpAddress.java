package io.busbar.mqtt.transport.listener;

import static io.busbar.mqtt.transport.config.ConfigValues.inRange;

import io.busbar.mqtt.transport.config.ConfigException;
import io.busbar.mqtt.transport.loops.SocketIo;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Host and port of a listener.
 *
 * @param port 0 takes a free one
 * @param backlog how many connections the kernel holds until they are accepted
 */
record TcpAddress(String host, int port, int backlog) implements ListenAddress {
    private static final Logger LOG = LoggerFactory.getLogger(TcpAddress.class);

    /**
     * Reads the address of a configuration.
     *
     * @throws ConfigException if the port is none
     */
    static TcpAddress of(ListenerConfig c) {
        inRange("port", c.port(), 0, 65_535);
        return new TcpAddress(c.host(), c.port(), c.backlog());
    }

    @Override
    public Channel bind(ServerBootstrap bootstrap, SocketIo io) {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new ConfigException("host " + host + " is not known", null);
        }
        ChannelFuture bound =
                bootstrap
                        .channel(io.serverChannel())
                        .option(ChannelOption.SO_BACKLOG, backlog)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.SO_KEEPALIVE, true)
                        .bind(address)
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new ConfigException(
                    "cannot listen on " + host + ":" + port + ": " + why(address, bound),
                    bound.cause());
        }
        return bound.channel();
    }

    /** What a person can do about a failed bind. */
    private static String why(InetSocketAddress address, ChannelFuture bound) {
        try {
            if (!address.getAddress().isAnyLocalAddress()
                    && NetworkInterface.getByInetAddress(address.getAddress()) == null) {
                return "the address is none of this machine's. Choose another host.";
            }
        } catch (SocketException unknown) {
            LOG.debug("Network interfaces cannot be listed", unknown);
        }
        return bound.cause().getMessage()
                + ". Is another program on this port? Choose another host or port.";
    }
}
