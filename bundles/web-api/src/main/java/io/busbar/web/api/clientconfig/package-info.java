/** Files that clients read: one click and the device is set up. */
@NullMarked
package io.busbar.web.api.clientconfig;

import org.jspecify.annotations.NullMarked;
