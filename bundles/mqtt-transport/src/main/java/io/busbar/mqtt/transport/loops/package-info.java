/**
 * The threads that serve all connections, and what the connections of one thread share: the buffer
 * of reads, the topic names seen lately, and the end of the turn, when output is written.
 */
@NullMarked
package io.busbar.mqtt.transport.loops;

import org.jspecify.annotations.NullMarked;
