/**
 * TLS of one listener: certificates and keys from PEM files, the choice among them by server name,
 * and what a client's certificate says of who it is.
 */
@NullMarked
package io.busbar.mqtt.transport.tls;

import org.jspecify.annotations.NullMarked;
