/** What someone else's store of documents looks like. */
@NullMarked
package io.busbar.itests.storage.folder;

import org.jspecify.annotations.NullMarked;
