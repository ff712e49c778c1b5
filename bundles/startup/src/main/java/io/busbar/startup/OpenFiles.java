package io.busbar.startup;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Dictionary;
import java.util.Optional;
import javax.management.JMException;
import javax.management.ObjectName;
import org.osgi.service.cm.ConfigurationAdmin;

/** Whether the process may open as many files and sockets as its limits of connections promise. */
final class OpenFiles {
    /** What the server needs besides connections: jars, the database, logs, listeners. */
    private static final int OWN = 200;

    private static final String MQTT_PID = "io.busbar.mqtt.loops";
    private static final String MQTT_KEY = "max.connections";
    private static final long MQTT_DEFAULT = 100_000;
    private static final String HTTP_PID = "io.busbar.web";
    private static final String HTTP_KEY = "connections.maximum";

    /** As many as HTTP takes by itself. */
    private static final long HTTP_MOST = 1024;

    private OpenFiles() {}

    /** What to say at the start, if anything. */
    static Optional<String> warning(ConfigurationAdmin configurations) {
        long mqtt = value(configurations, MQTT_PID, MQTT_KEY, MQTT_DEFAULT);
        long http = value(configurations, HTTP_PID, HTTP_KEY, 0);
        return warning(maximum(), mqtt, http);
    }

    /**
     * What to say.
     *
     * @param files that the process may open
     * @param mqtt configured connections; 0 = no limit
     * @param http configured connections; 0 = it takes a quarter of the files
     */
    static Optional<String> warning(long files, long mqtt, long http) {
        long web = http > 0 ? http : Math.min(HTTP_MOST, files / 4);
        long needed = mqtt + web + OWN;
        if (files >= needed) {
            return Optional.empty();
        }
        long possible = files - web - OWN;
        return Optional.of(
                "the process may open "
                        + files
                        + " files and sockets, but "
                        + MQTT_KEY
                        + " in etc/"
                        + MQTT_PID
                        + ".cfg allows "
                        + mqtt
                        + " MQTT connections besides "
                        + web
                        + " of HTTP: raise the limit to at least "
                        + needed
                        + " (ulimit -n, or LimitNOFILE of systemd)"
                        + (possible > 0 ? ", or lower " + MQTT_KEY + " to " + possible : ""));
    }

    private static long maximum() {
        try {
            Object value =
                    ManagementFactory.getPlatformMBeanServer()
                            .getAttribute(
                                    new ObjectName(ManagementFactory.OPERATING_SYSTEM_MXBEAN_NAME),
                                    "MaxFileDescriptorCount");
            return value instanceof Long number && number > 0 ? number : Long.MAX_VALUE;
        } catch (JMException e) {
            // Not every system has such a limit.
            return Long.MAX_VALUE;
        }
    }

    private static long value(
            ConfigurationAdmin configurations, String pid, String key, long otherwise) {
        try {
            Dictionary<String, Object> properties =
                    configurations.getConfiguration(pid, "?").getProcessedProperties(null);
            Object value = properties == null ? null : properties.get(key);
            return value == null ? otherwise : Long.parseLong(value.toString().strip());
        } catch (IOException | RuntimeException e) {
            // A value that is none is told by whoever reads it.
            return otherwise;
        }
    }
}
