package io.busbar.api.auth;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** A block of IP addresses, as CIDR or as one address. Immutable and thread-safe. */
public final class Network {
    private static final String OCTET = "(25[0-5]|2[0-4]\\d|[01]?\\d?\\d)";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    private final byte[] address;
    private final int bits;

    private Network(byte[] address, int bits) {
        this.address = address;
        this.bits = bits;
    }

    /**
     * Reads {@code 10.0.0.0/8}, {@code fd00::/8}, {@code 192.168.1.5}.
     *
     * @throws IllegalArgumentException if it is none of that
     */
    public static Network of(String text) {
        int slash = text.indexOf('/');
        try {
            byte[] address = literal(slash < 0 ? text : text.substring(0, slash)).getAddress();
            int all = address.length * 8;
            int bits = slash < 0 ? all : Integer.parseInt(text.substring(slash + 1));
            if (bits >= 0 && bits <= all) {
                return new Network(address, bits);
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(problem(text), e);
        }
        throw new IllegalArgumentException(problem(text));
    }

    /**
     * Reads an IP address; never asks a name server.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static InetAddress literal(String text) {
        if (IPV4.matcher(text).matches() || IPV6.matcher(text).matches()) {
            try {
                return InetAddress.getByName(text);
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException(
                        "address: " + text + " (expected: an IP address)", e);
            }
        }
        throw new IllegalArgumentException("address: " + text + " (expected: an IP address)");
    }

    /** Whether an address is in it; one of the other version of IP never is. */
    public boolean contains(InetAddress other) {
        byte[] theirs = other.getAddress();
        if (theirs.length != address.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit += 8) {
            int mask = bits - bit >= 8 ? 0xFF : 0xFF << (8 - (bits - bit));
            if (((theirs[bit / 8] ^ address[bit / 8]) & mask & 0xFF) != 0) {
                return false;
            }
        }
        return true;
    }

    private static String problem(String text) {
        return "network: "
                + text
                + " (expected: an IP address or a block such as 192.168.1.0/24 or fd00::/8)";
    }
}
