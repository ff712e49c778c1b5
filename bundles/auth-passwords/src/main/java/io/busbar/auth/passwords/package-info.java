/**
 * Slow hashes of passwords that people choose. Only a limited number is computed at the same time.
 */
@NullMarked
package io.busbar.auth.passwords;

import org.jspecify.annotations.NullMarked;
