/**
 * The normative statements of MQTT 3.1.1 and 5.0 that bind a server, tested over the wire, laid out
 * as the specifications' chapters. Runs against a broker in this JVM, or against any other: {@code
 * -Dbusbar.conformance.server=host:port}, which has to let everybody in.
 */
@NullMarked
package io.busbar.itests.conformance;

import org.jspecify.annotations.NullMarked;
