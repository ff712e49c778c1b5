/** A real broker with real sockets in this JVM, and a client that says exactly what it is told. */
@NullMarked
package io.busbar.itests.broker;

import org.jspecify.annotations.NullMarked;
