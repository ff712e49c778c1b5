/**
 * Sessions: the state that outlives connections, the messages still to be sent, and which
 * connection owns a Client Identifier.
 */
@NullMarked
package io.busbar.mqtt.broker.session;

import org.jspecify.annotations.NullMarked;
