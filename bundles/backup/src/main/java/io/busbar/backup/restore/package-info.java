/** The program that restores a backup; the server does not run meanwhile. */
@NullMarked
package io.busbar.backup.restore;

import org.jspecify.annotations.NullMarked;
