package io.busbar.startup;

import io.busbar.api.broker.ListenerView;
import io.busbar.api.broker.MachineAddresses;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.ServiceReference;
import org.osgi.service.servlet.runtime.HttpServiceRuntimeConstants;

/**
 * Where the server listens at one moment.
 *
 * @param listening MQTT listeners, by name
 * @param failed MQTT listeners that should listen and do not, by name
 * @param console the address of the console with a slash at its end; empty while HTTP is down
 * @param consoleHosts other hosts by which it can be reached, over networks
 */
record Addresses(
        List<ListenerView> listening,
        List<ListenerView> failed,
        String console,
        List<String> consoleHosts) {

    private static final Pattern BARE_IPV6 =
            Pattern.compile("(https?://)([0-9a-fA-F]*:[0-9a-fA-F:.]*(?:%[^/:]*)?)(:\\d+/?)");

    private static final Pattern HOST = Pattern.compile("https?://(\\[[^]]*]|[^:/]+)");

    private static final Pattern ZONED = Pattern.compile("\\[([0-9a-fA-F:.]+)%[^]]*]");

    /** Addresses of IPv6 that are good for one link only begin so. */
    private static final String ONE_LINK = "[fe80:";

    static Addresses of(
            List<ListenerView> listeners, @Nullable String console, List<String> consoleHosts) {
        List<ListenerView> listening = new ArrayList<>();
        List<ListenerView> failed = new ArrayList<>();
        for (ListenerView listener : listeners) {
            switch (listener.state()) {
                case LISTENING -> listening.add(withoutCount(listener));
                case FAILED -> failed.add(withoutCount(listener));
                case STOPPED -> {}
            }
        }
        Comparator<ListenerView> byName = Comparator.comparing(ListenerView::name);
        listening.sort(byName);
        failed.sort(byName);
        return new Addresses(
                List.copyOf(listening),
                List.copyOf(failed),
                console == null ? "" : console,
                List.copyOf(consoleHosts));
    }

    /** The address to open in a browser, or null while there is none. */
    static @Nullable String consoleOf(@Nullable ServiceReference<?> http) {
        // Listening everywhere has one address per network: this machine's own is the one to click.
        return endpoints(http).stream()
                .min(
                        Comparator.comparing((String address) -> !isLoopback(address))
                                .thenComparing(address -> hostOf(address).startsWith("[")))
                .map(Addresses::onThisMachine)
                .map(address -> address.endsWith("/") ? address : address + "/")
                .orElse(null);
    }

    /** The other hosts by which the console can be opened, from elsewhere. */
    static List<String> consoleHosts(@Nullable ServiceReference<?> http) {
        String console = consoleOf(http);
        String told = console == null ? "" : hostOf(console);
        return endpoints(http).stream()
                .map(Addresses::hostOf)
                .flatMap(host -> MachineAddresses.of(host).stream())
                .filter(host -> !host.equals(told) && !isLoopback("://" + host))
                .filter(host -> !host.startsWith(ONE_LINK))
                .distinct()
                .toList();
    }

    /** All addresses of HTTP, as URLs. */
    private static List<String> endpoints(@Nullable ServiceReference<?> http) {
        if (http == null) {
            return List.of();
        }
        Object endpoints = http.getProperty(HttpServiceRuntimeConstants.HTTP_SERVICE_ENDPOINT);
        List<String> all;
        if (endpoints instanceof String[] array) {
            all = Arrays.asList(array);
        } else if (endpoints instanceof String one) {
            all = List.of(one);
        } else {
            all = List.of();
        }
        return all.stream()
                .filter(address -> address.startsWith("http"))
                .map(Addresses::bracketed)
                .map(Addresses::withoutZone)
                .toList();
    }

    /** The same, at loopback if it is bound to every address. */
    private static String onThisMachine(String address) {
        String host = hostOf(address);
        return MachineAddresses.isEvery(host)
                ? address.replace("://" + host, host.startsWith("[") ? "://[::1]" : "://127.0.0.1")
                : address;
    }

    /** The host of a URL; of IPv6 with brackets. */
    private static String hostOf(String address) {
        Matcher host = HOST.matcher(address);
        return host.lookingAt() ? host.group(1) : address;
    }

    private static boolean isLoopback(String address) {
        return address.contains("://127.")
                || address.contains("://::1")
                || address.contains("[::1]")
                || address.contains("[0:0:0:0:0:0:0:1]");
    }

    /** The web server writes addresses of IPv6 as they are, which is no URL. */
    private static String bracketed(String address) {
        Matcher literal = BARE_IPV6.matcher(address);
        return literal.matches()
                ? literal.group(1)
                        + "["
                        + literal.group(2).replace("%", "%25")
                        + "]"
                        + literal.group(3)
                : address;
    }

    /** A zone is known on this machine only, and only addresses of one link need it. */
    private static String withoutZone(String address) {
        Matcher zoned = ZONED.matcher(address);
        return !zoned.find() || zoned.group(1).startsWith("fe80:")
                ? address
                : zoned.replaceFirst("[$1]");
    }

    private static ListenerView withoutCount(ListenerView l) {
        return new ListenerView(
                l.name(),
                l.transport(),
                l.host(),
                l.port(),
                l.path(),
                l.state(),
                l.detail(),
                0,
                0,
                l.proxied(),
                null,
                l.advertisedHost(),
                l.advertisedPort());
    }

    @Override
    public String toString() {
        List<String> all = new ArrayList<>();
        listening.forEach(l -> all.add(l.clientUri()));
        if (!console.isEmpty()) {
            all.add(console);
        }
        return String.join(" ", all);
    }
}
