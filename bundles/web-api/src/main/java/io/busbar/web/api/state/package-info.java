/**
 * What the API remembers between requests, in memory and bounded: rates and histories made of
 * counters that only grow, how clients looked when they left, the numbers that stand for topics.
 */
@NullMarked
package io.busbar.web.api.state;

import org.jspecify.annotations.NullMarked;
