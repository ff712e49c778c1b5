package io.busbar.memory;

import java.util.List;
import java.util.Locale;

/** What of the process's memory is for clients and users, unless it is configured. */
final class Maxima {
    /** What the server needs for itself: classes' data, caches, the console. */
    private static final long OWN = 80L << 20;

    /** Netty's own maximum, which the launcher sets, comes before Java's. */
    private static final List<String> DIRECT =
            List.of("-XX:MaxDirectMemorySize=", "-Dio.netty.maxDirectMemory=");

    private Maxima() {}

    /** From here on the launcher chooses G1, which needs less room than the serial collector. */
    private static final long G1 = 384L << 20;

    /**
     * Of a heap: the rest is for the server itself, for what is being worked on, and for the
     * garbage collector, which needs room to be quick: the serial one keeps what lives long in two
     * thirds of the heap.
     */
    static long ofHeap(long heapBytes) {
        int percent = heapBytes < G1 ? 35 : 60;
        return Math.max(heapBytes / 5, (heapBytes - OWN) / 100 * percent);
    }

    /** Of direct memory: its allocator rounds up and keeps pieces for later. */
    static long ofDirect(long directBytes) {
        return directBytes / 10 * 6;
    }

    /**
     * The most direct memory of Netty, which reads and writes what comes from and goes to clients.
     *
     * @param arguments of the JVM
     * @param heapBytes its largest heap: without an argument it is the maximum here as well
     */
    static long directMemory(List<String> arguments, long heapBytes) {
        long bytes = heapBytes;
        for (String option : DIRECT) {
            for (String argument : arguments) {
                if (argument.startsWith(option)) {
                    long said = parse(argument.substring(option.length()));
                    bytes = said > 0 ? said : bytes;
                }
            }
        }
        return bytes;
    }

    private static long parse(String size) {
        String text = size.toLowerCase(Locale.ROOT);
        int shift =
                switch (text.isEmpty() ? ' ' : text.charAt(text.length() - 1)) {
                    case 'k' -> 10;
                    case 'm' -> 20;
                    case 'g' -> 30;
                    case 't' -> 40;
                    default -> 0;
                };
        try {
            return Long.parseLong(shift == 0 ? text : text.substring(0, text.length() - 1))
                    << shift;
        } catch (NumberFormatException ignored) {
            return 0; // The JVM would not have started with it.
        }
    }
}
