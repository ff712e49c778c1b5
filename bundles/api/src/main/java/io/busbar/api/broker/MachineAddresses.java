package io.busbar.api.broker;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The addresses of this machine that somebody can be told who wants to connect to a listener. A
 * listener that is bound to all of them has an address that means just that, such as 0.0.0.0, which
 * nobody can connect to. Never asks a name server. Thread-safe.
 */
public final class MachineAddresses {
    private static final Comparator<InetAddress> MOST_USEFUL =
            Comparator.comparing(InetAddress::isLoopbackAddress)
                    .thenComparing(address -> !(address instanceof Inet4Address));

    private MachineAddresses() {}

    /** Whether this host means every address of the machine. */
    public static boolean isEvery(String host) {
        return switch (host) {
            case "0.0.0.0", "::", "[::]", "0:0:0:0:0:0:0:0", "[0:0:0:0:0:0:0:0]", "" -> true;
            default -> false;
        };
    }

    /**
     * What can be told of a listener that is bound to this host: the host itself, or all addresses
     * that it means, those first that others can reach, and of these IPv4 first. Addresses of one
     * link only are left out, and loopback is if there is another. Never empty.
     */
    public static List<String> of(String host) {
        if (!isEvery(host)) {
            return List.of(host);
        }
        try {
            return usable(
                    host,
                    NetworkInterface.networkInterfaces()
                            .filter(MachineAddresses::isUp)
                            .sorted(Comparator.comparingInt(NetworkInterface::getIndex))
                            .flatMap(NetworkInterface::inetAddresses)
                            .toList());
        } catch (SocketException e) {
            return usable(host, List.of());
        }
    }

    /** The same of a machine with these addresses. */
    static List<String> usable(String host, Collection<InetAddress> all) {
        boolean onlyIpv4 = host.equals("0.0.0.0");
        List<InetAddress> found =
                Stream.concat(all.stream(), Stream.of(InetAddress.getLoopbackAddress()))
                        .filter(address -> !address.isLinkLocalAddress())
                        .filter(address -> !onlyIpv4 || address instanceof Inet4Address)
                        .distinct()
                        .sorted(MOST_USEFUL)
                        .toList();
        boolean network = found.stream().anyMatch(address -> !address.isLoopbackAddress());
        List<String> texts =
                found.stream()
                        .filter(address -> !network || !address.isLoopbackAddress())
                        .map(MachineAddresses::text)
                        .toList();
        return texts.isEmpty() ? List.of("127.0.0.1") : texts;
    }

    /** Without the zone that Java writes behind addresses of IPv6: it is known here only. */
    private static String text(InetAddress address) {
        String text = address.getHostAddress();
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }

    private static boolean isUp(NetworkInterface each) {
        try {
            return each.isUp();
        } catch (SocketException e) {
            return false;
        }
    }
}
