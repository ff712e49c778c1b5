/** Who is let in and what it may do: the chains of authenticators and authorizers. */
@NullMarked
package io.busbar.mqtt.broker.gate;

import org.jspecify.annotations.NullMarked;
