package io.busbar.web.http;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A part of the server that answers over HTTP. Publish it as a service: it answers as long as the
 * service is there. Before a request reaches a {@link Handler} it has passed the door, which no
 * wing can leave out: the host name, the first setup, where a change comes from, who asks and with
 * which role; after it, whatever was thrown becomes a problem document.
 */
@ConsumerType
public interface HttpWing {
    /**
     * The path below which the wing answers, e.g. {@code /api/v1}: begins with a slash, does not
     * end with one, and belongs to no other wing.
     */
    String path();

    /** Adds the routes. Called once each time the wing comes. */
    void addTo(Router router);
}
