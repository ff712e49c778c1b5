package io.busbar.web.door;

/**
 * How much requests may hold and for how long.
 *
 * @param bodySeconds seconds that a body may take before its rate counts
 * @param bytesPerSecond how fast a body has to come, and an answer has to be taken, on average
 * @param bodiesBytes what bodies and the objects made of them may take at once
 * @param bodyFiles how many large bodies may be received into files at once
 * @param requests how many may be in progress
 * @param requestsPerAddress how many of one address
 */
public record RequestLimits(
        int bodySeconds,
        int bytesPerSecond,
        long bodiesBytes,
        int bodyFiles,
        int requests,
        int requestsPerAddress) {
    /** As configured by nobody. */
    public static final RequestLimits DEFAULT =
            new RequestLimits(10, 8192, Runtime.getRuntime().maxMemory() / 4, 2, 512, 64);
}
