/**
 * TLS for a listener: certificates and keys from PEM files, their selection by server name, and how
 * a client's certificate identifies the client.
 */
@NullMarked
package io.busbar.mqtt.transport.tls;

import org.jspecify.annotations.NullMarked;
