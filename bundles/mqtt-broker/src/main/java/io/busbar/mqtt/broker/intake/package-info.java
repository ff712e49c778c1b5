/**
 * Where messages come in: what clients publish, Will Messages and the server's own messages all
 * take the same steps, in this order: rights, interceptors, retain, route.
 */
@NullMarked
package io.busbar.mqtt.broker.intake;

import org.jspecify.annotations.NullMarked;
