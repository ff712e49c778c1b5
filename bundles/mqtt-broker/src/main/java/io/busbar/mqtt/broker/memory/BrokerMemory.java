package io.busbar.mqtt.broker.memory;

import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.memory.MemoryArea;
import io.busbar.api.memory.MemoryBudget;
import io.busbar.api.memory.MemoryHolder;
import io.busbar.api.memory.MemoryReclaimer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The broker's accounts in the memory budget, and whose what is in them. Thread-safe. */
public final class BrokerMemory implements AutoCloseable {
    /** Percent of the heap's budget for each of its kinds. */
    private static final int MOST = 75;

    /** Percent of the heap's budget for one consumer. */
    private static final int CONSUMER = 25;

    /** Percent of the heap's budget for what waits to be written to the store. */
    private static final int ON_THE_WAY = 20;

    /** Percent of the heap's budget for changes of Retained Messages that are being written. */
    private static final int CHANGES = 20;

    /** The same for Retained Messages that were written or asked for lately. */
    private static final int RECENT = 20;

    /** Each of the three takes at most this part of the heap's budget, whatever is configured. */
    private static final int PASSING_PART = 16;

    /** Percent of the heap's budget for what saves searching for subscribers. */
    private static final int ROUTES = 15;

    /** Percent of direct memory for clients that do not read; the rest is for those who write. */
    private static final int BACKLOGS = 60;

    private final MemoryBudget budget;
    private final List<MemoryAccount> accounts = new ArrayList<>();
    private final MemoryAccount retained;
    private final MemoryAccount changes;
    private final MemoryAccount onTheWay;
    private final MemoryAccount sessions;
    private final MemoryAccount queues;
    private final MemoryAccount routes;
    private final MemoryAccount backlogs;
    private volatile @Nullable MemoryReclaimer slowClients;
    private final ConcurrentHashMap<String, Holder> holders = new ConcurrentHashMap<>();

    /** Opens the accounts. */
    public BrokerMemory(MemoryBudget budget) {
        this.budget = budget;
        retained = open("retained messages");
        changes =
                keep(
                        budget.open(
                                MemoryArea.HEAP,
                                "retained messages that are being written",
                                CHANGES,
                                null));
        onTheWay =
                keep(
                        budget.open(
                                MemoryArea.HEAP,
                                "messages that are being stored",
                                ON_THE_WAY,
                                null));
        sessions = open("sessions and subscriptions");
        queues = open("messages that wait for clients");
        routes = keep(budget.open(MemoryArea.HEAP, "routes that are remembered", ROUTES, null));
        backlogs =
                keep(
                        budget.open(
                                MemoryArea.DIRECT,
                                "bytes that clients have not taken",
                                BACKLOGS,
                                this::slowest));
    }

    private MemoryAccount open(String kind) {
        return keep(budget.open(MemoryArea.HEAP, kind, MOST, null));
    }

    private synchronized MemoryAccount keep(MemoryAccount account) {
        accounts.add(account);
        return account;
    }

    /** Retained Messages with their places in the tree of topics. */
    public MemoryAccount retained() {
        return retained;
    }

    /** Changes of Retained Messages that a store on a disk does not show yet. */
    public MemoryAccount changes() {
        return changes;
    }

    /** What is in memory until the store has written it, for whoever waits for that. */
    public MemoryAccount onTheWay() {
        return onTheWay;
    }

    /**
     * An account for Retained Messages of a store on a disk that were written or asked for lately.
     *
     * @param reclaimer lets go of them when others need the memory
     */
    public MemoryAccount recent(MemoryReclaimer reclaimer) {
        return keep(budget.open(MemoryArea.HEAP, "retained messages of late", RECENT, reclaimer));
    }

    /** So many bytes or, in a small memory, less: for what is held for a short time only. */
    public long passing(long bytes) {
        return Math.min(bytes, budget.use(MemoryArea.HEAP).maximumBytes() / PASSING_PART);
    }

    /** Sessions with their subscriptions and wills, and their connections. */
    public MemoryAccount sessions() {
        return sessions;
    }

    /** Messages of QoS 1 and 2 that sessions are owed. */
    public MemoryAccount queues() {
        return queues;
    }

    /** What loops remember of the subscribers of topics. */
    public MemoryAccount routes() {
        return routes;
    }

    /** An account for messages that wait for a consumer inside the server. */
    public MemoryAccount consumer(String name) {
        return keep(budget.open(MemoryArea.HEAP, "messages that wait for " + name, CONSUMER, null));
    }

    /** Closes the account of a consumer that has gone. */
    public void closeConsumer(MemoryAccount account) {
        synchronized (this) {
            accounts.remove(account);
        }
        account.close();
    }

    /** Bytes that were sent to clients and that their sockets have not taken. */
    public MemoryAccount backlogs() {
        return backlogs;
    }

    /** Says who finds the clients that could be disconnected for what they have not taken. */
    public void slowClients(MemoryReclaimer reclaimer) {
        slowClients = reclaimer;
    }

    private @Nullable MemoryHolder slowest() {
        MemoryReclaimer reclaimer = slowClients;
        return reclaimer == null ? null : reclaimer.largest();
    }

    /** An identity as a holder. */
    public Holder holder(String principalId) {
        Holder known = holders.get(principalId);
        return known != null ? known : holders.computeIfAbsent(principalId, id -> new Holder());
    }

    /**
     * Counts bytes of an identity without asking.
     *
     * @return who holds them, and gives them back with {@link #giveBack}
     */
    public Holder add(MemoryAccount account, String principalId, long bytes) {
        Holder holder = holder(principalId);
        while (!holder.add(bytes)) {
            holders.remove(principalId, holder);
            holder = holder(principalId);
        }
        account.add(bytes);
        return holder;
    }

    /** Counts more bytes, or less if negative, of somebody who holds some and will hold some. */
    public void change(MemoryAccount account, Holder holder, long bytes) {
        holder.add(bytes);
        account.add(bytes);
    }

    /** Counts bytes no more. */
    public void giveBack(MemoryAccount account, Holder holder, long bytes) {
        change(account, holder, -bytes);
    }

    /** Forgets identities that hold nothing. */
    public void sweep() {
        holders.values().removeIf(Holder::forget);
    }

    @Override
    public void close() {
        List<MemoryAccount> open;
        synchronized (this) {
            open = List.copyOf(accounts);
            accounts.clear();
        }
        open.forEach(MemoryAccount::close);
    }
}
