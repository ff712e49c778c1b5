/** For tests of HTTP wings: a real web server with the door and the wing, and who may sign in. */
@NullMarked
package io.busbar.web.testkit;

import org.jspecify.annotations.NullMarked;
