/**
 * What clients hold of the server's memory: how much things take, whose they are, and whether there
 * is room for more.
 */
@NullMarked
package io.busbar.mqtt.broker.memory;

import org.jspecify.annotations.NullMarked;
