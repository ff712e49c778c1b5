package io.busbar.web.door;

import java.net.InetSocketAddress;

/** Closes a connection of the web server, whatever it is doing. Thread-safe. */
@FunctionalInterface
interface ConnectionCutter {
    /** Closes the connection that comes from this address and port, if there is one. */
    void cut(InetSocketAddress peer);
}
