/** Configuration annotations, and the shipped files that document them. */
@NullMarked
package io.busbar.testkit.config;

import org.jspecify.annotations.NullMarked;
