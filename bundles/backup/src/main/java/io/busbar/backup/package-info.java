/** Makes backups of the running server. */
@NullMarked
package io.busbar.backup;

import org.jspecify.annotations.NullMarked;
