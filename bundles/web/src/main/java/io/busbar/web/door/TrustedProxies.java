package io.busbar.web.door;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Addresses that are believed when they say whom they speak for. Immutable. */
public final class TrustedProxies {
    /** Nobody is believed. */
    public static final TrustedProxies NONE = new TrustedProxies(List.of());

    /** What one of them may be, in words. */
    static final String ALLOWED = "an IP address or a block such as 10.0.0.0/8";

    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    private final List<Block> blocks = new ArrayList<>();

    private record Block(byte[] address, int bits) {
        boolean contains(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit % 8);
                if (((other[bit / 8] ^ address[bit / 8]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * Reads {@code 10.0.0.5} and {@code fd00::/8}.
     *
     * @throws IllegalArgumentException if one is none of that
     */
    public TrustedProxies(List<String> configured) {
        for (String each : configured) {
            if (!each.isBlank()) {
                blocks.add(block(each.strip()));
            }
        }
    }

    private static Block block(String text) {
        int slash = text.indexOf('/');
        InetAddress address = literal(slash < 0 ? text : text.substring(0, slash));
        if (address != null) {
            int all = address.getAddress().length * 8;
            String bits = slash < 0 ? Integer.toString(all) : text.substring(slash + 1);
            if (bits.matches("\\d{1,3}") && Integer.parseInt(bits) <= all) {
                return new Block(address.getAddress(), Integer.parseInt(bits));
            }
        }
        throw new IllegalArgumentException(
                "trusted.proxies: " + text + " (expected: " + ALLOWED + ")");
    }

    /** Whether an IP address is that of a proxy of ours. */
    public boolean contains(String address) {
        if (blocks.isEmpty()) {
            return false;
        }
        InetAddress literal = literal(bare(address));
        if (literal == null) {
            return false;
        }
        byte[] bytes = literal.getAddress();
        return blocks.stream().anyMatch(block -> block.contains(bytes));
    }

    /**
     * The client of an {@code X-Forwarded-For}: each proxy appends whom it saw, so the last that is
     * no proxy of ours is the last whose address somebody trusted saw.
     *
     * @param seen all values of the header, in their order
     * @param peer the proxy that the request comes from
     */
    String client(List<String> seen, String peer) {
        String[] all = String.join(",", seen).split(",");
        String client = peer;
        for (int i = all.length - 1; i >= 0 && contains(client); i--) {
            InetAddress before = literal(bare(all[i].strip()));
            if (before == null) {
                return client;
            }
            client = before.getHostAddress();
        }
        return client;
    }

    /** Without brackets and port: {@code 1.2.3.4:5}, {@code [::1]:5}. */
    private static String bare(String text) {
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            return end < 0 ? "" : text.substring(1, end);
        }
        boolean port = text.indexOf(':') >= 0 && text.indexOf(':') == text.lastIndexOf(':');
        return port ? text.substring(0, text.indexOf(':')) : text;
    }

    /** An IP address; never asks a name server. */
    private static @Nullable InetAddress literal(String text) {
        if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            return null;
        }
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
