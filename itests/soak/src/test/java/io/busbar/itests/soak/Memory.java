package io.busbar.itests.soak;

import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * The memory of the server's process, as its own virtual machine and the system count it: what
 * {@code jcmd} shows, without a process for each look.
 */
final class Memory implements AutoCloseable {
    private static final Pattern OTHER =
            Pattern.compile("-\\s+Other \\(reserved=\\d+KB, committed=(\\d+)KB");
    private static final Pattern RSS = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    private final long pid;
    private final JMXConnector connector;
    private final MBeanServerConnection beans;
    private final long begin = System.nanoTime();
    private final List<Sample> samples = new ArrayList<>();

    /**
     * What there was.
     *
     * @param second since the first look
     * @param heap bytes in use
     * @param maximum of the heap
     * @param direct bytes of direct memory, Java's and Netty's
     * @param resident bytes that the process has of the machine; -1 where the system does not say
     */
    record Sample(long second, long heap, long maximum, long direct, long resident) {
        /** Whether little of the heap is left, garbage or not. */
        boolean isShort() {
            return heap > maximum / 10 * 9;
        }
    }

    /** Attaches to a server that this test has started; its own machine says where to connect. */
    @SuppressWarnings("BanJNDI")
    Memory(long pid) throws Exception {
        this.pid = pid;
        VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
        try {
            connector =
                    JMXConnectorFactory.connect(
                            new JMXServiceURL(machine.startLocalManagementAgent()));
        } finally {
            machine.detach();
        }
        beans = connector.getMBeanServerConnection();
    }

    /** Looks now. */
    Sample look() throws Exception {
        CompositeData heap =
                (CompositeData)
                        beans.getAttribute(
                                new ObjectName(ManagementFactory.MEMORY_MXBEAN_NAME),
                                "HeapMemoryUsage");
        String tracked =
                (String)
                        beans.invoke(
                                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                                "vmNativeMemory",
                                new Object[] {new String[] {"summary"}},
                                new String[] {String[].class.getName()});
        Matcher other = OTHER.matcher(tracked);
        Sample sample =
                new Sample(
                        (System.nanoTime() - begin) / 1_000_000_000,
                        MemoryUsage.from(heap).getUsed(),
                        MemoryUsage.from(heap).getMax(),
                        other.find() ? Long.parseLong(other.group(1)) << 10 : 0,
                        resident());
        synchronized (samples) {
            samples.add(sample);
        }
        return sample;
    }

    /** Looks after a full collection. */
    Sample lookAfterCollection() throws Exception {
        beans.invoke(new ObjectName(ManagementFactory.MEMORY_MXBEAN_NAME), "gc", null, null);
        return look();
    }

    /** What lives, the largest classes first. */
    String histogram() throws Exception {
        String all =
                (String)
                        beans.invoke(
                                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                                "gcClassHistogram",
                                new Object[] {new String[0]},
                                new String[] {String[].class.getName()});
        return all.lines().limit(40).reduce("", (text, line) -> text + line + "\n");
    }

    private long resident() throws IOException {
        Path status = Path.of("/proc/" + pid + "/status");
        if (!Files.exists(status)) {
            return -1;
        }
        Matcher matcher = RSS.matcher(Files.readString(status));
        return matcher.find() ? Long.parseLong(matcher.group(1)) << 10 : -1;
    }

    List<Sample> samples() {
        synchronized (samples) {
            return List.copyOf(samples);
        }
    }

    @Override
    public void close() {
        try {
            connector.close();
        } catch (IOException ignored) {
            // The server has ended.
        }
    }
}
