/**
 * The endpoints of the API, one class per resource. Each reads the request, calls a service and
 * builds the answer.
 */
@NullMarked
package io.busbar.web.api.endpoint;

import org.jspecify.annotations.NullMarked;
