package io.busbar.uns.registry;

import io.busbar.api.broker.spi.PublishInterceptor;
import io.busbar.api.broker.spi.PublishOrigin;
import io.busbar.api.broker.spi.PublishVerdict;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.uns.registry.gate.Gates;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Stands for the broker before the gates: asks those that want the topic of a message. */
final class GateFront implements Gates.Offers {
    private final Map<String, Offered> offered = new LinkedHashMap<>();
    private int offers;

    private record Offered(
            PublishInterceptor gate, List<String> filters, boolean passes, int rank) {
        boolean isAsked(Message message) {
            return filters.stream()
                    .anyMatch(each -> TopicFilter.of(each).matches(message.topic().value()));
        }
    }

    @Override
    public void offer(
            String name, PublishInterceptor gate, List<String> filters, boolean passes, int rank) {
        offers++;
        if (filters.isEmpty()) {
            offered.remove(name);
        } else {
            offered.put(name, new Offered(gate, filters, passes, rank));
        }
    }

    @Override
    public void close() {
        offered.clear();
    }

    /** The first verdict that is not to pass, or that. */
    PublishVerdict judge(Message message) {
        for (Offered each : inOrder()) {
            if (each.isAsked(message)) {
                PublishVerdict verdict = each.gate().intercept(message, PublishOrigin.SERVER);
                if (verdict == PublishVerdict.ELSEWHERE) {
                    verdict = each.gate().interceptElsewhere(message, PublishOrigin.SERVER);
                }
                if (verdict != PublishVerdict.PASS) {
                    return verdict;
                }
            }
        }
        return PublishVerdict.PASS;
    }

    private List<Offered> inOrder() {
        return offered.values().stream()
                .sorted(Comparator.comparingInt(Offered::rank).reversed())
                .toList();
    }

    /** Whether a message of the topic costs a call. */
    boolean isAsked(Message message) {
        return offered.values().stream().anyMatch(each -> each.isAsked(message));
    }

    List<String> filters(String name) {
        Offered found = offered.get(name);
        return found == null ? List.of() : found.filters();
    }

    boolean passesOnFailure(String name) {
        return offered.get(name).passes();
    }

    /** Whether a message takes a call that may block. */
    boolean isAskedElsewhere(Message message) {
        return offered.values().stream()
                .filter(each -> each.isAsked(message))
                .anyMatch(
                        each ->
                                each.gate().intercept(message, PublishOrigin.SERVER)
                                        == PublishVerdict.ELSEWHERE);
    }

    /** How often something was offered or withdrawn. */
    int offers() {
        return offers;
    }

    boolean isEmpty() {
        return offered.isEmpty();
    }
}
