package io.busbar.mqtt.transport.proxy;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A Netty user event with the real address of a client behind a proxy, as the proxy reports it.
 *
 * @param address null if the proxy connects on its own behalf or does not know
 */
public record ClientAddress(@Nullable InetSocketAddress address) {}
