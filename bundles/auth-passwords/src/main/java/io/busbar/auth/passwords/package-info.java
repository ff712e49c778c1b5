/** The slow hash of passwords that people choose, a bounded number at a time. */
@NullMarked
package io.busbar.auth.passwords;

import org.jspecify.annotations.NullMarked;
