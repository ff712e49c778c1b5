/**
 * The entrance for all HTTP requests: the checks that every request has to pass, and the component
 * that puts these checks in front of every {@link io.busbar.web.http.HttpWing}.
 */
@NullMarked
package io.busbar.web.door;

import org.jspecify.annotations.NullMarked;
