package io.busbar.storage.rocksdb;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.Durability;
import io.busbar.api.storage.RetainedView;
import io.busbar.api.storage.ShardOwner;
import io.busbar.api.storage.StoreBatch;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Measures the store through its port. Not a test: {@code java -cp … Bench FOLDER CASE}, with a
 * case of {@code flow} (QoS 1 from 64 publishers to 64 sessions), {@code queued} (a million queued
 * messages, opened again), {@code retained} (a million topics). Times are of the clock and of all
 * threads of the process.
 */
final class Bench {
    private static final int SESSIONS = 64;
    private static final int WINDOW = 64;
    private static final int MILLION = 1_000_000;

    private final Settings settings;
    private RocksStore store;
    private ShardOwner owner;

    private Bench(Path folder) throws Exception {
        settings =
                new Settings(
                        folder,
                        Settings.SHARDS,
                        !"os".equals(System.getProperty("durability")),
                        Long.getLong("memory", 64 << 20),
                        Settings.RESERVE,
                        0,
                        false);
        open();
    }

    public static void main(String[] args) throws Exception {
        Bench bench = new Bench(Path.of(args[0]));
        switch (args[1]) {
            case "flow" -> bench.flow(Integer.getInteger("messages", MILLION));
            case "queued" -> bench.queued();
            case "retained" -> bench.retained();
            default -> throw new IllegalArgumentException(args[1]);
        }
        bench.store.close();
    }

    private void open() throws Exception {
        long start = System.nanoTime();
        store = RocksStore.open(settings);
        owner = Samples.own(store);
        System.out.printf(Locale.ROOT, "open: %d ms%n", (System.nanoTime() - start) / 1_000_000);
    }

    /** What something took. */
    private static void measure(String what, int count, Work work) throws Exception {
        long cpu = cpu();
        long start = System.nanoTime();
        work.run();
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%s: %d in %.2f s = %.0f/s, CPU %.2f us each%n",
                what,
                count,
                seconds,
                count / seconds,
                (cpu() - cpu) / 1e3 / count);
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean)
                        java.lang.management.ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    /** Something to measure. */
    private interface Work {
        void run() throws Exception;
    }

    /**
     * Each message is queued for one session, sent, and acknowledged when the commit of its
     * publication is complete; at most {@link #WINDOW} per session are on their way. As an event
     * loop does, a turn handles whatever has completed, in one batch.
     */
    private void flow(int messages) throws Exception {
        long[] sequence = new long[SESSIONS];
        byte[] payload = new byte[256];
        ThreadLocalRandom.current().nextBytes(payload);
        Message sample = Samples.message("plant/line1/press/temperature", "");
        measure(
                "flow",
                messages,
                () -> {
                    record Turn(CompletableFuture<Void> done, int count, int first) {}
                    ArrayDeque<Turn> turns = new ArrayDeque<>();
                    int inFlight = 0;
                    int sent = 0;
                    int perTurn = Integer.getInteger("turn", 64);
                    while (sent < messages || inFlight > 0) {
                        StoreBatch batch = owner.newBatch();
                        // Wait for the oldest turn if the window is full.
                        while (!turns.isEmpty()
                                && (inFlight + perTurn > SESSIONS * WINDOW
                                        || sent >= messages
                                        || turns.peek().done.isDone())) {
                            Turn turn = turns.poll();
                            turn.done.get(60, TimeUnit.SECONDS);
                            inFlight -= turn.count;
                            for (int i = 0; i < turn.count; i++) {
                                int session = (turn.first + i) % SESSIONS;
                                batch.acknowledge(session, (turn.first + i) / SESSIONS + 1L, false);
                            }
                        }
                        int count = Math.min(perTurn, messages - sent);
                        for (int i = 0; i < count; i++) {
                            int session = (sent + i) % SESSIONS;
                            int number =
                                    batch.message(
                                            new Message(
                                                    sample.topic(),
                                                    payload,
                                                    sample.qos(),
                                                    false,
                                                    sample.properties(),
                                                    sample.publisher(),
                                                    sample.receivedAt()));
                            batch.enqueue(
                                    session, ++sequence[session], number, Samples.ONCE, 1 + i);
                        }
                        CompletableFuture<Void> done =
                                owner.commit(batch, Durability.SAFE).toCompletableFuture();
                        if (count > 0) {
                            turns.add(new Turn(done, count, sent));
                        }
                        sent += count;
                        inFlight += count;
                    }
                });
    }

    private void queued() throws Exception {
        byte[] payload = new byte[256];
        ThreadLocalRandom.current().nextBytes(payload);
        Message sample = Samples.message("plant/line1/press/temperature", "");
        measure(
                "queue",
                MILLION,
                () -> {
                    CompletableFuture<Void> done = null;
                    for (int i = 0; i < MILLION; ) {
                        StoreBatch batch = owner.newBatch();
                        for (int j = 0; j < 100; j++, i++) {
                            int number =
                                    batch.message(
                                            new Message(
                                                    sample.topic(),
                                                    payload,
                                                    sample.qos(),
                                                    false,
                                                    sample.properties(),
                                                    sample.publisher(),
                                                    sample.receivedAt()));
                            batch.enqueue(i % SESSIONS, i + 1L, number, Samples.ONCE, 0);
                        }
                        done = commit(batch);
                    }
                    done.get(120, TimeUnit.SECONDS);
                });
        owner.close();
        store.close();
        open();
        long[] count = new long[1];
        measure(
                "queues()",
                MILLION,
                () -> owner.view().queues((session, messages, bytes) -> count[0] += messages));
        measure(
                "pages of 100",
                MILLION,
                () -> {
                    for (int session = 0; session < SESSIONS; session++) {
                        long from = 0;
                        while (true) {
                            var page = owner.view().queue(session, from, 100, Long.MAX_VALUE);
                            if (page.isEmpty()) {
                                break;
                            }
                            from = page.get(page.size() - 1).sequence() + 1;
                        }
                    }
                });
        System.out.println("counted " + count[0]);
    }

    private CompletableFuture<Void> commit(StoreBatch batch) throws Exception {
        while (!owner.isWritable()) {
            CompletableFuture<Void> writable = new CompletableFuture<>();
            owner.onWritable(() -> writable.complete(null));
            writable.get(60, TimeUnit.SECONDS);
        }
        return owner.commit(batch, Durability.SAFE).toCompletableFuture();
    }

    private void retained() throws Exception {
        byte[] payload = new byte[128];
        ThreadLocalRandom.current().nextBytes(payload);
        Message sample = Samples.message("t", "");
        for (String round : new String[] {"insert", "overwrite"}) {
            measure(
                    "retained " + round,
                    MILLION,
                    () -> {
                        CompletableFuture<Void> done = null;
                        for (int i = 0; i < MILLION; ) {
                            StoreBatch batch = owner.newBatch();
                            for (int j = 0; j < 100; j++, i++) {
                                TopicName topic =
                                        TopicName.of(
                                                "plant/line"
                                                        + i % 100
                                                        + "/machine"
                                                        + i / 100 % 100
                                                        + "/value"
                                                        + i / 10_000);
                                batch.retain(
                                        batch.message(
                                                new Message(
                                                        topic,
                                                        payload,
                                                        sample.qos(),
                                                        true,
                                                        sample.properties(),
                                                        sample.publisher(),
                                                        sample.receivedAt())));
                            }
                            done = commit(batch);
                        }
                        done.get(120, TimeUnit.SECONDS);
                    });
        }
        owner.close();
        store.close();
        open();
        int[] seen = new int[1];
        measure(
                "retained scan",
                MILLION,
                () -> {
                    try (RetainedView.Scan scan = store.retained().scan()) {
                        while (scan.next()) {
                            seen[0] += scan.message().payload().length > 0 ? 1 : 0;
                        }
                    }
                });
        System.out.println("seen " + seen[0]);
    }
}
