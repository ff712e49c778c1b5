package io.busbar.itests.crash;

import io.busbar.itests.crash.Fault.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Everything that the clients saw and that was not checked yet. Thread-safe. */
final class Ledger {
    private final List<Publication> inOrder = new ArrayList<>();
    private final List<Subscription> subscriptions = new ArrayList<>();
    private final List<Receipt> receipts = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();
    private final Map<Publication.Id, List<Receipt>> wills = new HashMap<>();
    private final List<WillPromise> promises = new ArrayList<>();
    private final Map<String, Long> settled = new HashMap<>();
    private final Map<String, Long> counts = new TreeMap<>();
    private final AtomicLong connections = new AtomicLong();
    private final Uptime uptime = new Uptime();
    private int settledLife;
    private final AtomicInteger life = new AtomicInteger();
    private volatile long lastReceiptAt;

    Uptime uptime() {
        return uptime;
    }

    /** How many times the server was killed so far. */
    int life() {
        return life.get();
    }

    /** The server is about to be killed. */
    void killed(long now) {
        uptime.ends(now);
        life.incrementAndGet();
    }

    long nextConnection() {
        return connections.incrementAndGet();
    }

    synchronized void add(Publication publication) {
        inOrder.add(publication);
    }

    synchronized void add(Subscription subscription) {
        subscriptions.add(subscription);
    }

    synchronized void add(WillPromise promise) {
        promises.add(promise);
    }

    synchronized void add(Receipt receipt) {
        lastReceiptAt = receipt.at();
        if (receipt.topic().startsWith(Plant.WILLS)) {
            wills.computeIfAbsent(receipt.message(), id -> new ArrayList<>()).add(receipt);
            count("wills received");
        } else {
            receipts.add(receipt);
            count("messages received");
        }
    }

    synchronized void add(Fault fault) {
        faults.add(fault);
    }

    synchronized void fault(Kind kind, String client, String topic, String expected, String seen) {
        faults.add(new Fault(kind, client, topic, expected, seen));
    }

    synchronized void count(String what) {
        counts.merge(what, 1L, Long::sum);
    }

    synchronized Map<String, Long> counts() {
        return new TreeMap<>(counts);
    }

    long lastReceiptAt() {
        return lastReceiptAt;
    }

    /** Faults that were seen at once, without comparing. */
    synchronized List<Fault> faults() {
        return List.copyOf(faults);
    }

    synchronized Deliveries deliveries() {
        return new Deliveries(
                List.copyOf(inOrder),
                List.copyOf(subscriptions),
                List.copyOf(receipts),
                Map.copyOf(settled),
                settledLife);
    }

    synchronized List<Publication> publications() {
        return List.copyOf(inOrder);
    }

    /** What is wrong with the Will Messages as it is known now. */
    synchronized List<Fault> faultsOfWills(long now) {
        List<Fault> found = new ArrayList<>();
        for (WillPromise promise : promises) {
            promise.judge(wills.getOrDefault(promise.id(), List.of()), uptime, now)
                    .ifPresent(found::add);
        }
        return found;
    }

    /** Everything that is not over, for people who look for the cause of a fault. */
    synchronized List<String> trace() {
        List<String> lines = new ArrayList<>();
        uptime.lives().forEach(each -> lines.add(each.toString()));
        subscriptions.forEach(subscription -> lines.add(subscription.toString()));
        inOrder.forEach(publication -> lines.add(publication.toString()));
        receipts.forEach(receipt -> lines.add(receipt.toString()));
        wills.values().forEach(will -> lines.add(will.toString()));
        return lines;
    }

    /** Everything was delivered and checked: forgets what is over. */
    synchronized void settle() {
        for (Publication publication : inOrder) {
            settled.merge(publication.id().publisher(), publication.id().number(), Math::max);
        }
        counts.merge("messages published", (long) inOrder.size(), Long::sum);
        counts.merge(
                "messages acknowledged",
                inOrder.stream().filter(Publication::isAcknowledged).count(),
                Long::sum);
        counts.merge(
                "messages refused",
                inOrder.stream().filter(Publication::isRefused).count(),
                Long::sum);
        inOrder.clear();
        receipts.clear();
        subscriptions.removeIf(Subscription::isEnded);
        settledLife = life.get();
    }
}
