/** Converts objects of the server to the JSON forms that the API document describes. */
@NullMarked
package io.busbar.web.api.view;

import org.jspecify.annotations.NullMarked;
