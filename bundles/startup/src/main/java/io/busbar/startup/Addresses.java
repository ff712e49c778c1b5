package io.busbar.startup;

import io.busbar.api.broker.ListenerView;
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
 */
record Addresses(List<ListenerView> listening, List<ListenerView> failed, String console) {

    private static final Pattern BARE_IPV6 =
            Pattern.compile("(https?://)([0-9a-fA-F]*:[0-9a-fA-F:.]*(?:%[^/:]*)?)(:\\d+/?)");

    static Addresses of(List<ListenerView> listeners, @Nullable String console) {
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
                List.copyOf(listening), List.copyOf(failed), console == null ? "" : console);
    }

    /** The address to open in a browser, or null while there is none. */
    static @Nullable String consoleOf(@Nullable ServiceReference<?> http) {
        if (http == null) {
            return null;
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
        // Listening everywhere has one address per network: this machine's own is the one to click.
        return all.stream()
                .filter(address -> address.startsWith("http"))
                .min(Comparator.comparing(address -> !isLoopback(address)))
                .map(Addresses::bracketed)
                .map(address -> address.endsWith("/") ? address : address + "/")
                .orElse(null);
    }

    private static boolean isLoopback(String address) {
        return address.contains("://127.")
                || address.contains("://::1")
                || address.contains("[::1]");
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
                null);
    }

    @Override
    public String toString() {
        List<String> all = new ArrayList<>();
        listening.forEach(l -> all.add(l.uri()));
        if (!console.isEmpty()) {
            all.add(console);
        }
        return String.join(" ", all);
    }
}
