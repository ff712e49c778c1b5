package io.busbar.web.http;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A part of the server that answers HTTP requests below its own path. Publish it as a service; it
 * answers as long as the service exists.
 *
 * <p>No wing can bypass the checks before its {@link Handler} is called: the host name, whether the
 * server is set up, where a changing request comes from, who sent it, and the person's role. An
 * exception from a handler becomes a problem document.
 */
@ConsumerType
public interface HttpWing {
    /**
     * The path below which the wing answers, e.g. {@code /api/v1}. Begins with a slash and does not
     * end with one. If another wing has the same path, or one above or below it, only the one with
     * the higher {@code service.ranking} answers, or the first one if they rank the same. The other
     * one is named in the log and waits. {@code /api/v1} itself ranks at 1000.
     */
    String path();

    /** Adds the wing's routes. Called once each time the service appears. */
    void addTo(Router router);
}
