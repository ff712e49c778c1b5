/** What was wrong with the messages of topics, and since when. */
@NullMarked
package io.busbar.uns.registry.violation;

import org.jspecify.annotations.NullMarked;
