/**
 * The threads that serve all connections, and what the connections of one thread share: the buffer
 * for reads, the cache of topic names, and writing at the end of the turn.
 */
@NullMarked
package io.busbar.mqtt.transport.loops;

import org.jspecify.annotations.NullMarked;
