/**
 * Where messages enter the broker. Messages from clients, Will Messages and the server's own
 * messages all take the same steps in this order: permissions, interceptors, retain, route.
 */
@NullMarked
package io.busbar.mqtt.broker.intake;

import org.jspecify.annotations.NullMarked;
