/**
 * Sessions: what survives connections, the flow of messages out, and who holds a Client Identifier.
 */
@NullMarked
package io.busbar.mqtt.broker.session;

import org.jspecify.annotations.NullMarked;
