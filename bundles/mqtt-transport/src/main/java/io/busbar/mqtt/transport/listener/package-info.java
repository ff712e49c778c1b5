/**
 * The addresses that clients connect to. They are read from configurations and are opened, changed
 * and closed while the server runs. Builds the Netty pipeline of each new connection from the other
 * packages.
 */
@NullMarked
package io.busbar.mqtt.transport.listener;

import org.jspecify.annotations.NullMarked;
