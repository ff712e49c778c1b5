/** Topic permissions out of the rules that travel with a principal. */
@NullMarked
package io.busbar.auth.acl;

import org.jspecify.annotations.NullMarked;
