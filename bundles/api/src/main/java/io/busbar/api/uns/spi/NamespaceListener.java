package io.busbar.api.uns.spi;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Is told about changes of the tree of nodes. Published as a service. Called after a change is
 * durable. Must return at once.
 */
@ConsumerType
public interface NamespaceListener {
    /**
     * Called when something at or below a path has changed.
     *
     * @param path the path; empty = it may be anywhere
     */
    void onChange(String path);
}
