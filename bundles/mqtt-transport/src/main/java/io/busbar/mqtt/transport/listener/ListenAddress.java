package io.busbar.mqtt.transport.listener;

import io.busbar.mqtt.transport.config.ConfigException;
import io.busbar.mqtt.transport.loops.SocketIo;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;

/** What a listener binds: a port or a Unix domain socket. If two are equal, nothing has to move. */
interface ListenAddress {
    /**
     * Listens, and waits until it does.
     *
     * @throws ConfigException if it cannot; the message says why and what to do
     */
    Channel bind(ServerBootstrap bootstrap, SocketIo io);
}
