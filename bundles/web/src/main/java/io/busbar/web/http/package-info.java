/**
 * What a wing sees of HTTP: routes, requests, answers, pages and problems; no servlet type goes
 * further than this bundle. A wing is an {@link io.busbar.web.http.HttpWing}.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.busbar.web.http;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
