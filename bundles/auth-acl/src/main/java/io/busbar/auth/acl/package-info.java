/** Checks the access rules that a principal carries. */
@NullMarked
package io.busbar.auth.acl;

import org.jspecify.annotations.NullMarked;
