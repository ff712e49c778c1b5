/** One class per noun of the API: reads the request, asks a service, shapes the answer. */
@NullMarked
package io.busbar.web.api.endpoint;

import org.jspecify.annotations.NullMarked;
