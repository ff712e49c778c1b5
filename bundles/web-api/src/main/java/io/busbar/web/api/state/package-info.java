/**
 * What the API remembers between requests, in memory and bounded: rates and histories that are
 * computed from counters, the last state of disconnected clients, and the numbers that stand for
 * topics.
 */
@NullMarked
package io.busbar.web.api.state;

import org.jspecify.annotations.NullMarked;
