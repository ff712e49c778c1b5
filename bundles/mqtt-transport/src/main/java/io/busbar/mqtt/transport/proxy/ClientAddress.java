package io.busbar.mqtt.transport.proxy;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The user event that says where a connection really comes from, as a proxy tells.
 *
 * @param address null if the proxy speaks for itself, or does not know
 */
public record ClientAddress(@Nullable InetSocketAddress address) {}
