/**
 * The door of everything that answers over HTTP: what each request has to pass, and the component
 * that puts a door before every {@link io.busbar.web.http.HttpWing}.
 */
@NullMarked
package io.busbar.web.door;

import org.jspecify.annotations.NullMarked;
