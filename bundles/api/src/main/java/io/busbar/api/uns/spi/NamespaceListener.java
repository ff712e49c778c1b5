package io.busbar.api.uns.spi;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Follows changes of the tree. Published as a service. Called after the change is durable; must
 * return at once.
 */
@ConsumerType
public interface NamespaceListener {
    /**
     * Something changed at or below the path.
     *
     * @param path empty = anywhere
     */
    void onChange(String path);
}
