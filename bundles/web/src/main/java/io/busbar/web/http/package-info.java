/**
 * What a wing needs to answer HTTP requests: routes, requests, answers, pages and problems. Other
 * bundles need no servlet types. A wing implements {@link io.busbar.web.http.HttpWing}.
 */
@Export
@Version("1.1.0")
@NullMarked
package io.busbar.web.http;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
