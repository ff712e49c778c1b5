/** The file that a backup is: written from a folder, checked and unpacked into one. */
@NullMarked
package io.busbar.backup.archive;

import org.jspecify.annotations.NullMarked;
