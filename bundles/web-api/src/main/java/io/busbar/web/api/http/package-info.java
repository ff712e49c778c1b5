/**
 * What an endpoint sees of HTTP: routes, requests, answers, pages and problems; no servlet type
 * goes further than this package and the live stream.
 */
@NullMarked
package io.busbar.web.api.http;

import org.jspecify.annotations.NullMarked;
