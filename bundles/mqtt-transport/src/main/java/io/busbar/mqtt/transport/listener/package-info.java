/**
 * The addresses that clients connect to: read from configurations, opened, changed and closed while
 * the server runs. Builds the pipeline of each new connection out of the other packages.
 */
@NullMarked
package io.busbar.mqtt.transport.listener;

import org.jspecify.annotations.NullMarked;
