/** Decides who is let in and what a client may do, by asking authenticators and authorizers. */
@NullMarked
package io.busbar.mqtt.broker.gate;

import org.jspecify.annotations.NullMarked;
