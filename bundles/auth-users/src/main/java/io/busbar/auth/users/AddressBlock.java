package io.busbar.auth.users;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The addresses that one attacker easily has: the /24 of an IPv4 address, the /56 of an IPv6
 * address.
 */
final class AddressBlock {
    private static final Pattern LITERAL =
            Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%\\w+)?");

    private AddressBlock() {}

    /**
     * Returns a text that is the same for all addresses of the block; what is no IP address is its
     * own block.
     */
    static String of(String address) {
        if (LITERAL.matcher(address).matches()) {
            try {
                byte[] bytes = InetAddress.getByName(address).getAddress();
                return HexFormat.of().formatHex(Arrays.copyOf(bytes, bytes.length == 4 ? 3 : 7));
            } catch (UnknownHostException e) {
                return address;
            }
        }
        return address.length() > 64 ? address.substring(0, 64) : address;
    }
}
