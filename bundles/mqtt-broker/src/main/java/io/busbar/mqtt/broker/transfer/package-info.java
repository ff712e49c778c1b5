/** Sessions and retained messages on their way to and from other servers. */
@NullMarked
package io.busbar.mqtt.broker.transfer;

import org.jspecify.annotations.NullMarked;
