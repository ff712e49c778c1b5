package io.busbar.mqtt.transport.proxy;

import io.busbar.mqtt.transport.config.ConfigException;
import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The addresses of proxies that are trusted to report the real address of a client. Immutable. */
public final class TrustedProxies {
    /** What one of them may be, in words. */
    public static final String ALLOWED = "an IP address or a block such as 10.0.0.0/8";

    private final List<IpSubnetFilterRule> blocks = new ArrayList<>();

    /**
     * Reads {@code 10.0.0.5} and {@code fd00::/8}.
     *
     * @throws ConfigException if one is none of that
     */
    public TrustedProxies(List<String> configured) {
        for (String each : configured) {
            int slash = each.indexOf('/');
            InetAddress address =
                    NetUtil.createInetAddressFromIpAddressString(
                            slash < 0 ? each : each.substring(0, slash));
            try {
                if (address != null) {
                    int bits =
                            slash < 0
                                    ? address.getAddress().length * 8
                                    : Integer.parseInt(each.substring(slash + 1));
                    blocks.add(new IpSubnetFilterRule(address, bits, IpFilterRuleType.ACCEPT));
                    continue;
                }
            } catch (IllegalArgumentException e) {
                // Said below.
            }
            throw new ConfigException(
                    "trusted.proxies: " + each + " (expected: " + ALLOWED + ")", null);
        }
    }

    public boolean contains(InetSocketAddress address) {
        for (IpSubnetFilterRule block : blocks) {
            if (block.matches(address)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The client of a {@code X-Forwarded-For}: each proxy appends whom it saw, so the last that is
     * no proxy of ours is the last whose address somebody trusted saw.
     */
    public InetSocketAddress client(List<String> headers, InetSocketAddress peer) {
        InetSocketAddress client = peer;
        String[] seen = String.join(",", headers).split(",");
        for (int i = seen.length - 1; i >= 0 && contains(client); i--) {
            InetSocketAddress before = address(seen[i].strip());
            if (before == null) {
                return client;
            }
            client = before;
        }
        return client;
    }

    /** Reads {@code 1.2.3.4}, {@code 1.2.3.4:5}, {@code ::1}, {@code [::1]:5}; null if none. */
    private static @Nullable InetSocketAddress address(String text) {
        String host = text;
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            host = end < 0 ? "" : text.substring(1, end);
        } else if (text.indexOf(':') >= 0 && text.indexOf(':') == text.lastIndexOf(':')) {
            host = text.substring(0, text.indexOf(':'));
        }
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(host);
        return address == null ? null : new InetSocketAddress(address, 0);
    }
}
