/**
 * The real address of a client behind a proxy: the PROXY protocol, {@code X-Forwarded-For}, and
 * which proxies are trusted.
 */
@NullMarked
package io.busbar.mqtt.transport.proxy;

import org.jspecify.annotations.NullMarked;
