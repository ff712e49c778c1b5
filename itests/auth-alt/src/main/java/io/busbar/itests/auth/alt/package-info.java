/** What someone else's authentication bundle looks like. */
@NullMarked
package io.busbar.itests.auth.alt;

import org.jspecify.annotations.NullMarked;
