package io.busbar.web.jetty;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * How many connections there may be.
 *
 * @param maximum in all
 * @param perAddress of one address that is no trusted proxy
 * @param firstRequestSeconds until a new one has to have sent a request
 */
public record ConnectionLimits(int maximum, int perAddress, int firstRequestSeconds) {
    private static final int MOST = 1024;

    /** As configured by nobody. */
    public static final ConnectionLimits DEFAULT = of(0, 0, 15);

    /**
     * Puts in what was left open.
     *
     * @param maximum 0 = a quarter of the files that the process may open: the rest is for MQTT
     * @param perAddress 0 = half of all
     */
    public static ConnectionLimits of(int maximum, int perAddress, int firstRequestSeconds) {
        int all = maximum > 0 ? maximum : (int) Math.max(8, Math.min(MOST, openFilesMaximum() / 4));
        return new ConnectionLimits(
                all, perAddress > 0 ? perAddress : Math.max(1, all / 2), firstRequestSeconds);
    }

    /** How many files and sockets the process may have open. */
    private static long openFilesMaximum() {
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
}
