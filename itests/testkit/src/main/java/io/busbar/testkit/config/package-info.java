/** Configuration annotations and the files that show them. */
@NullMarked
package io.busbar.testkit.config;

import org.jspecify.annotations.NullMarked;
