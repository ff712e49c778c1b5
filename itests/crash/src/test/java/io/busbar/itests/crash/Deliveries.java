package io.busbar.itests.crash;

import io.busbar.itests.crash.Fault.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Compares what was published with what was delivered: nothing acknowledged is lost, nothing comes
 * twice at QoS 2, duplicates at QoS 1 have a reason, and the order of each publisher is kept.
 */
final class Deliveries {
    private final Map<Publication.Id, Publication> messages = new LinkedHashMap<>();
    private final List<Subscription> subscriptions;
    private final List<Receipt> receipts;
    private final Map<String, Long> settled;
    private final int settledLife;

    /**
     * @param receipts of one session in the order in which they came
     * @param settled the number of each publisher up to which everything was delivered and checked
     *     before
     * @param settledLife how many times the server had been killed then
     */
    Deliveries(
            List<Publication> messages,
            List<Subscription> subscriptions,
            List<Receipt> receipts,
            Map<String, Long> settled,
            int settledLife) {
        messages.forEach(message -> this.messages.put(message.id(), message));
        this.subscriptions = subscriptions;
        this.receipts = receipts;
        this.settled = settled;
        this.settledLife = settledLife;
    }

    List<Fault> faults() {
        List<Fault> faults = new ArrayList<>();
        Map<String, List<Receipt>> sessions =
                receipts.stream()
                        .collect(
                                Collectors.groupingBy(
                                        Receipt::session, LinkedHashMap::new, Collectors.toList()));
        sessions.forEach(
                (session, received) -> {
                    checkKnown(session, received, faults);
                    checkDoubles(session, received, faults);
                    checkOrder(session, received, faults);
                    checkOrderOfRedelivery(session, received, faults);
                });
        checkGroups(faults);
        faults.addAll(lost());
        return faults;
    }

    /** Every message was published, and something was subscribed that can have asked for it. */
    private void checkKnown(String session, List<Receipt> received, List<Fault> faults) {
        List<Subscription> own =
                subscriptions.stream().filter(s -> s.session().equals(session)).toList();
        for (Receipt receipt : received) {
            Publication message = messages.get(receipt.message());
            if (message != null) {
                if (own.stream().noneMatch(subscription -> subscription.allows(message))) {
                    faults.add(
                            new Fault(
                                    Kind.GHOST_MESSAGE,
                                    session,
                                    receipt.topic(),
                                    "nothing: no subscription was there for it",
                                    receipt.toString()));
                }
                continue;
            }
            boolean known =
                    receipt.message().number()
                            <= settled.getOrDefault(receipt.message().publisher(), -1L);
            if (!known) {
                faults.add(
                        new Fault(
                                Kind.GHOST_MESSAGE,
                                session,
                                receipt.topic(),
                                "only what was published",
                                receipt.toString()));
            } else if (receipt.qos() == 2 || !receipt.dup() && receipt.life() == settledLife) {
                faults.add(
                        new Fault(
                                Kind.DOUBLE,
                                session,
                                receipt.topic(),
                                "nothing: it had been delivered and acknowledged long before",
                                receipt.toString()));
            }
        }
    }

    /** [MQTT5-4.3.3-10] [MQTT5-3.3.1-1] */
    private void checkDoubles(String session, List<Receipt> received, List<Fault> faults) {
        by(received, Receipt::message)
                .forEach(
                        (id, same) -> {
                            Publication message = messages.get(id);
                            int sends = message == null ? 1 : message.sends();
                            boolean tooOften =
                                    same.get(0).qos() == 2
                                            ? same.size() > 1
                                            : most(same, Receipt::connection) > sends
                                                    || most(fresh(same), Receipt::life) > sends;
                            if (tooOften) {
                                faults.add(
                                        new Fault(
                                                kindOfDouble(same),
                                                session,
                                                same.get(0).topic(),
                                                "once (PUBLISH was sent " + sends + " times)",
                                                same.toString()));
                            }
                        });
    }

    private Kind kindOfDouble(List<Receipt> same) {
        Publication message = messages.get(same.get(0).message());
        return message != null && message.isInGap() && same.size() <= message.sends()
                ? Kind.TWICE_IN_CRASH
                : Kind.DOUBLE;
    }

    private static List<Receipt> fresh(List<Receipt> receipts) {
        return receipts.stream().filter(receipt -> !receipt.dup()).toList();
    }

    private static int most(List<Receipt> receipts, Function<Receipt, Object> key) {
        return by(receipts, key).values().stream().mapToInt(List::size).max().orElse(0);
    }

    /** First deliveries are in the order of publication, for each topic and QoS. */
    private void checkOrder(String session, List<Receipt> received, List<Fault> faults) {
        Map<Publication.Id, Receipt> first = new LinkedHashMap<>();
        received.forEach(receipt -> first.putIfAbsent(receipt.message(), receipt));
        checkAscending(session, List.copyOf(first.values()), "", faults);
    }

    /** What is sent again is sent in the order in which it was sent at first [MQTT5-4.6.0-1]. */
    private void checkOrderOfRedelivery(
            String session, List<Receipt> received, List<Fault> faults) {
        by(received, Receipt::connection)
                .values()
                .forEach(
                        connection ->
                                checkAscending(
                                        session,
                                        connection.stream()
                                                .filter(receipt -> receipt.dup())
                                                .filter(this::wasPublishedOnce)
                                                .toList(),
                                        " among what is sent again",
                                        faults));
    }

    private boolean wasPublishedOnce(Receipt receipt) {
        Publication message = messages.get(receipt.message());
        return message != null && message.sends() == 1;
    }

    private void checkAscending(
            String session, List<Receipt> received, String what, List<Fault> faults) {
        Map<String, Receipt> latest = new HashMap<>();
        for (Receipt receipt : received) {
            Publication message = messages.get(receipt.message());
            if (message == null) {
                continue;
            }
            String stream =
                    message.id().publisher()
                            + " "
                            + receipt.topic()
                            + " "
                            + message.qos()
                            + " "
                            + receipt.qos();
            Receipt before = latest.get(stream);
            if (before == null || before.message().number() < receipt.message().number()) {
                latest.put(stream, receipt);
            } else if (!mayComeLate(session, message)) {
                faults.add(
                        new Fault(
                                Kind.ORDER,
                                session,
                                receipt.topic(),
                                receipt.message() + " before " + before.message() + what,
                                before + " then " + receipt));
            }
        }
    }

    /**
     * A message that its publisher sends again can be new to this subscriber though a later one was
     * not: the first went to another member, or came before the subscription.
     */
    private boolean mayComeLate(String session, Publication message) {
        return message.sends() > 1
                && subscriptions.stream()
                        .filter(s -> s.session().equals(session) && !s.filter().isShared())
                        .noneMatch(s -> s.covers(message));
    }

    /** A Shared Subscription gives each message of QoS 2 to one member, once [MQTT5-4.8.2-4]. */
    private void checkGroups(List<Fault> faults) {
        Map<String, String> groups = new HashMap<>();
        for (Subscription subscription : subscriptions) {
            if (subscription.filter().isShared()) {
                groups.put(subscription.session(), subscription.filter().value());
            }
        }
        List<Receipt> shared =
                receipts.stream()
                        .filter(receipt -> groups.containsKey(receipt.session()))
                        .filter(receipt -> receipt.qos() == 2)
                        .toList();
        by(shared, receipt -> groups.get(receipt.session()) + " " + receipt.message())
                .values()
                .forEach(
                        same -> {
                            long members = same.stream().map(Receipt::session).distinct().count();
                            if (members > 1) {
                                faults.add(
                                        new Fault(
                                                kindOfDouble(same),
                                                groups.get(same.get(0).session()),
                                                same.get(0).topic(),
                                                "one member",
                                                same.toString()));
                            }
                        });
    }

    /** What is missing; all others of {@link #faults} cannot be cured by waiting. */
    List<Fault> lost() {
        Map<String, Map<Publication.Id, Receipt>> got = new HashMap<>();
        for (Receipt receipt : receipts) {
            got.computeIfAbsent(receipt.session(), session -> new HashMap<>())
                    .putIfAbsent(receipt.message(), receipt);
        }
        Map<String, List<Subscription>> groups =
                by(
                        subscriptions,
                        s -> s.filter().isShared() ? s.filter().value() : "session " + s.session());
        List<Fault> faults = new ArrayList<>();
        groups.values()
                .forEach(
                        members -> {
                            for (Publication message : messages.values()) {
                                if (members.stream().noneMatch(m -> m.requires(message))) {
                                    continue;
                                }
                                boolean delivered =
                                        members.stream()
                                                .anyMatch(
                                                        m ->
                                                                got.getOrDefault(
                                                                                m.session(),
                                                                                Map.of())
                                                                        .containsKey(message.id()));
                                if (!delivered) {
                                    faults.add(missing(members, message));
                                }
                            }
                        });
        return faults;
    }

    private static Fault missing(List<Subscription> members, Publication message) {
        Subscription one =
                members.stream().filter(m -> m.requires(message)).findFirst().orElseThrow();
        return new Fault(
                Kind.LOST,
                one.session() + " " + one.filter(),
                message.topic(),
                message.id()
                        + " at QoS "
                        + Math.min(message.qos(), one.qos())
                        + ", acknowledged at "
                        + message.acknowledgedAt()
                        + " (PUBLISH was sent "
                        + message.sends()
                        + " times)",
                "nothing");
    }

    private static <K, T> Map<K, List<T>> by(List<T> all, Function<T, K> key) {
        return all.stream()
                .collect(Collectors.groupingBy(key, LinkedHashMap::new, Collectors.toList()));
    }
}
