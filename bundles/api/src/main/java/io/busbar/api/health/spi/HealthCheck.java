package io.busbar.api.health.spi;

import io.busbar.api.health.Finding;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Knows whether a part of the server is well. Publish it as a service; it is asked whenever
 * somebody asks for the health of the server.
 *
 * <p><b>Threads.</b> Called on several threads at once, never on an event loop. It may look at a
 * disk, but must not wait for anything else: who monitors the server gives it a few seconds.
 *
 * <p>If it throws, that is told as a finding of its own; the others are asked as well.
 */
@ConsumerType
public interface HealthCheck {
    /**
     * Service property of a check that stands in for a service which could not come up: the name of
     * that service's interface. What it finds does not pass by waiting, so a start that needs the
     * service ends with it.
     */
    String MISSING_SERVICE = "missing.service";

    /** What is wrong now; empty if nothing is. At most a hundred findings are told. */
    List<Finding> findings();
}
