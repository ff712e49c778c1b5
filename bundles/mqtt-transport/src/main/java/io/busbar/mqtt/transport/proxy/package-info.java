/**
 * Where a connection really comes from when a proxy stands in between: the PROXY protocol, {@code
 * X-Forwarded-For}, and which proxies are believed.
 */
@NullMarked
package io.busbar.mqtt.transport.proxy;

import org.jspecify.annotations.NullMarked;
