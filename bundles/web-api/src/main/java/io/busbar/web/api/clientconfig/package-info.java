/** Configuration files for client programs, so that a device can be set up with one click. */
@NullMarked
package io.busbar.web.api.clientconfig;

import org.jspecify.annotations.NullMarked;
