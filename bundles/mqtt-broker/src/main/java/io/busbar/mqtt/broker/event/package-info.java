/** What happened to clients, as types: counted, listed and told to listeners. */
@NullMarked
package io.busbar.mqtt.broker.event;

import org.jspecify.annotations.NullMarked;
