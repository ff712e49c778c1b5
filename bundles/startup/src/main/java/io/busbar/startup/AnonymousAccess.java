package io.busbar.startup;

import java.io.IOException;
import java.util.Dictionary;
import java.util.Hashtable;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * The switch of anonymous access: its provider runs only while its configuration exists. Touches
 * only a configuration that it made itself; one that a person put into etc/ stays.
 */
final class AnonymousAccess {

    private static final String PID = "io.busbar.auth.anonymous";
    private static final String MADE_BY = "made.by";
    private static final String US = "bootstrap";

    private final ConfigurationAdmin configurations;

    AnonymousAccess(ConfigurationAdmin configurations) {
        this.configurations = configurations;
    }

    /** Switches anonymous access on or off. */
    void allow(boolean allowed) throws IOException {
        Configuration existing = find();
        if (allowed && existing == null) {
            Dictionary<String, Object> properties = new Hashtable<>();
            properties.put(MADE_BY, US);
            configurations.getConfiguration(PID, "?").update(properties);
        } else if (!allowed
                && existing != null
                && US.equals(existing.getProperties().get(MADE_BY))) {
            existing.delete();
        }
    }

    private @org.jspecify.annotations.Nullable Configuration find() throws IOException {
        try {
            Configuration[] found = configurations.listConfigurations("(service.pid=" + PID + ")");
            return found == null ? null : found[0];
        } catch (InvalidSyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
