/** Rates and histories made of counters that only grow. */
@NullMarked
package io.busbar.web.api.rate;

import org.jspecify.annotations.NullMarked;
