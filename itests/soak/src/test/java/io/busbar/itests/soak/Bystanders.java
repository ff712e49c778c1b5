package io.busbar.itests.soak;

import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.Disconnect;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PingReq;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.SubAck;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Those who do nothing wrong, and what they had to endure. Every time is measured from when
 * something was to begin, not from when it could: who has to wait is not left out.
 */
final class Bystanders implements AutoCloseable {
    static final int PAIRS = 10;

    private static final String HOST = "127.0.0.1";
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final long MOST_LATE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** Fewer than the server's Receive Maximum: who waits longer sends later. */
    private static final int UNACKNOWLEDGED = 500;

    private final int mqttPort;
    private final int httpPort;
    private final Tally tally = new Tally();
    private final Queue<String> harms = new ConcurrentLinkedQueue<>();
    private final Map<String, Latencies> latencies = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<Pair> pairs = new ArrayList<>();
    private final CountDownLatch connected = new CountDownLatch(PAIRS);
    private final long begin = System.nanoTime();

    private volatile boolean stopping;

    /** Where times count now: a phase of the run. */
    private volatile String phase = "warm-up";

    Bystanders(int mqttPort, int httpPort) {
        this.mqttPort = mqttPort;
        this.httpPort = httpPort;
    }

    /**
     * Everybody begins; waits until all pairs are connected.
     *
     * @param accounts twice as many as pairs, then the retained writer, its reader, and who
     *     connects anew each second
     * @param chosen connects anew each second with a password that a person chose
     */
    void start(List<Account> accounts, Account chosen, Account admin) throws InterruptedException {
        for (int i = 0; i < PAIRS; i++) {
            pairs.add(new Pair(i, accounts.get(2 * i), accounts.get(2 * i + 1)));
        }
        pairs.forEach(Pair::start);
        if (!connected.await(60, TimeUnit.SECONDS)) {
            throw new AssertionError("bystanders cannot connect: " + harms);
        }
        Account writer = accounts.get(2 * PAIRS);
        Account reader = accounts.get(2 * PAIRS + 1);
        Account visitor = accounts.get(2 * PAIRS + 2);
        each("retained", 1_000, new Retained(writer, reader));
        each("connects", 1_000, () -> visit(visitor));
        each("connects, chosen password", 1_000, () -> visit(chosen));
        each("console", 1_000, () -> console(admin));
        Console keptAlive = new Console(httpPort);
        each("health", 500, () -> health(keptAlive));
        each("pause of this process", 5, () -> {});
    }

    /** From now on times count for this phase. */
    void phase(String name) {
        phase = name;
    }

    Latencies latencies(String what, String inPhase) {
        return latencies.computeIfAbsent(inPhase + ": " + what, key -> new Latencies());
    }

    Map<String, Map<String, Double>> summaries() {
        Map<String, Map<String, Double>> all = new LinkedHashMap<>();
        latencies.keySet().stream()
                .sorted()
                .forEach(name -> all.put(name, latencies.get(name).summary()));
        return all;
    }

    Tally tally() {
        return tally;
    }

    /** What should not have happened to them, with the second in which it did. */
    List<String> harms() {
        return List.copyOf(harms);
    }

    private String minuteOf(long nanos) {
        return String.format(Locale.ROOT, "%02d", TimeUnit.NANOSECONDS.toMinutes(nanos - begin));
    }

    private void harm(String what) {
        long second = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
        tally.count("harm");
        if (harms.size() < 1_000) {
            harms.add(second + " s: " + what);
        }
    }

    private interface Deed {
        void run() throws Exception;
    }

    /**
     * Does it at fixed times, or at once where the time has passed: times count from when it was
     * due.
     */
    private void each(String what, int periodMillis, Deed deed) {
        run(
                what,
                () -> {
                    long period = TimeUnit.MILLISECONDS.toNanos(periodMillis);
                    for (long due = System.nanoTime(); !stopping; due += period) {
                        if (System.nanoTime() - due > MOST_LATE_NANOS) {
                            // More of the same is no news, and would hide when things are well
                            // again.
                            due = System.nanoTime();
                        }
                        sleepUntil(due);
                        try {
                            deed.run();
                        } catch (InterruptedException e) {
                            return;
                        } catch (Exception | AssertionError e) {
                            if (!stopping) {
                                harm(what + ": " + e);
                            }
                        }
                        tally.count(what);
                        latencies(what, phase).record(System.nanoTime() - due);
                    }
                });
    }

    private void run(String what, Runnable task) {
        Thread thread = new Thread(task, what);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void sleepUntil(long due) {
        for (long left; (left = due - System.nanoTime()) > 0 && !stopping; ) {
            LockSupport.parkNanos(left);
        }
    }

    /** Comes, subscribes, hears itself, and goes. */
    private void visit(Account account) throws IOException {
        try (Connection connection = Connection.open(HOST, mqttPort, 0, tally)) {
            admit(connection, Connection.connect(account, true, 0));
            String topic = "bystander/" + account.clientId();
            connection.send(Attack.subscribe(1, Qos.AT_LEAST_ONCE, topic));
            connection.send(Attack.publish(topic, new byte[8], false, 2));
            boolean heard = false;
            boolean acknowledged = false;
            while (!heard || !acknowledged) {
                Packet packet = connection.next(20_000);
                expect(packet != null, account.clientId() + " was not answered");
                if (packet instanceof Publish message) {
                    heard = true;
                    connection.send(new PubAck(message.packetId(), ReasonCode.SUCCESS));
                } else if (packet instanceof PubAck answer) {
                    expect(!answer.reasonCode().isError(), "refused " + answer.reasonCode());
                    acknowledged = true;
                } else if (packet instanceof Disconnect end) {
                    throw new IOException("disconnected: " + end);
                }
            }
            connection.send(Disconnect.NORMAL);
        }
    }

    private void console(Account admin) throws IOException, InterruptedException {
        Console console = new Console(httpPort);
        int status = console.signIn(admin);
        answered("signing in", status);
        if (status / 100 != 2) {
            return;
        }
        for (String path :
                List.of(
                        "/broker/stats",
                        "/clients?limit=50",
                        "/rejections?limit=50",
                        "/namespace/tree",
                        "/http")) {
            answered(path, console.get(path));
        }
        answered("signing out", console.signOut());
    }

    /**
     * Somebody attacks with the same account: what one user may hold is for both. It is counted and
     * not held against the server.
     */
    private void answered(String what, int status) {
        if (status == 503 || status == 429) {
            tally.count("console: HTTP " + status);
        } else {
            expect(what, status);
        }
    }

    private void health(Console keptAlive) throws IOException, InterruptedException {
        expect("/health/live", keptAlive.get("/health/live"));
        expect("/health/ready", new Console(httpPort).get("/health/ready"));
    }

    private static void admit(Connection connection, Connect connect) throws IOException {
        expect(
                connection.accepted(connect),
                connect.clientId() + " was not let in: " + connection.answer());
    }

    private static void expect(String what, int status) {
        expect(status / 100 == 2, what + ": HTTP " + status);
    }

    private static void expect(boolean fact, String otherwise) {
        if (!fact) {
            throw new AssertionError(otherwise);
        }
    }

    /** The pairs send no more; waits until everything that they sent has arrived. */
    void settle(long millis) throws InterruptedException {
        pairs.forEach(Pair::endSending);
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() < until && pairs.stream().anyMatch(pair -> pair.missing() > 0)) {
            Thread.sleep(20);
        }
        for (Pair pair : pairs) {
            if (pair.missing() > 0) {
                harm(pair.missing() + " messages of pair " + pair.number + " have not arrived");
            }
        }
    }

    @Override
    public void close() {
        end();
    }

    /** Nothing counts as harm any more. */
    void end() {
        stopping = true;
        for (Thread thread : threads) {
            thread.interrupt();
        }
    }

    /** Writes a retained message and reads what it wrote before. */
    private final class Retained implements Deed {
        private static final int TOPICS = 20;

        private final Account writer;
        private final Account reader;
        private final long[] written = new long[TOPICS];
        private long number;

        private Retained(Account writer, Account reader) {
            this.writer = writer;
            this.reader = reader;
        }

        @Override
        public void run() throws Exception {
            int slot = (int) (++number % TOPICS);
            String topic = "bystander/retained/" + slot;
            try (Connection connection = Connection.open(HOST, mqttPort, 0, tally)) {
                admit(connection, Connection.connect(writer, true, 0));
                byte[] payload = ByteBuffer.allocate(8).putLong(number).array();
                connection.send(Attack.publish(topic, payload, true, 1));
                Packet packet = connection.next(20_000);
                expect(
                        packet instanceof PubAck answer && !answer.reasonCode().isError(),
                        "not retained: " + packet);
                written[slot] = number;
                connection.send(Disconnect.NORMAL);
            }
            try (Connection connection = Connection.open(HOST, mqttPort, 0, tally)) {
                admit(connection, Connection.connect(reader, true, 0));
                connection.send(Attack.subscribe(1, Qos.AT_MOST_ONCE, topic));
                expect(connection.next(20_000) instanceof SubAck, "not subscribed");
                Packet packet = connection.next(20_000);
                expect(packet instanceof Publish, "no retained message: " + packet);
                long read = ByteBuffer.wrap(((Publish) packet).payload()).getLong();
                expect(read == written[slot], "retained " + read + ", not " + written[slot]);
                connection.send(Disconnect.NORMAL);
            }
        }
    }

    /** One publishes 20 messages a second at QoS 1, the other gets them. */
    private final class Pair {
        private final int number;
        private final Account publisher;
        private final Account subscriber;
        private final String topic;
        private final AtomicLong sent = new AtomicLong();
        private final AtomicLong acknowledged = new AtomicLong();
        private final AtomicLong arrived = new AtomicLong();
        private volatile boolean enough;
        private volatile boolean subscribed;
        private volatile Connection publishing;

        private Pair(int number, Account publisher, Account subscriber) {
            this.number = number;
            this.publisher = publisher;
            this.subscriber = subscriber;
            topic = "bystander/pair/" + number;
        }

        private void start() {
            Bystanders.this.run(
                    "subscriber " + number, () -> staying("subscriber", this::subscribe));
            Bystanders.this.run("publisher " + number, this::publish);
            Bystanders.this.run(
                    "publisher's answers " + number, () -> staying("publisher", this::answers));
        }

        private void endSending() {
            enough = true;
        }

        private long missing() {
            return sent.get() - arrived.get();
        }

        /** Its session stays, so that what it misses comes when it is back; it should not leave. */
        private void staying(String who, Deed deed) {
            while (!stopping) {
                try {
                    deed.run();
                } catch (InterruptedException e) {
                    return;
                } catch (Exception | AssertionError e) {
                    if (!stopping) {
                        harm(who + " " + number + ": " + e);
                        LockSupport.parkNanos(500_000_000L);
                    }
                }
            }
        }

        private void subscribe() throws Exception {
            try (Connection connection = Connection.open(HOST, mqttPort, 0, tally)) {
                admit(connection, Connection.connect(subscriber, false, 3_600));
                connection.send(Attack.subscribe(1, Qos.AT_LEAST_ONCE, topic));
                while (!stopping) {
                    Packet packet = connection.next(15_000);
                    if (packet instanceof SubAck) {
                        subscribed = true;
                    } else if (packet instanceof Publish message) {
                        long now = System.nanoTime();
                        long due = ByteBuffer.wrap(message.payload()).getLong();
                        latencies("round trip", phase).record(now - due);
                        latencies("round trip, minute " + minuteOf(now), phase).record(now - due);
                        arrived.incrementAndGet();
                        connection.send(new PubAck(message.packetId(), ReasonCode.SUCCESS));
                    } else if (packet instanceof Disconnect end) {
                        throw new IOException("disconnected: " + end);
                    } else if (packet == null) {
                        connection.send(PingReq.INSTANCE);
                    }
                }
            }
        }

        private void answers() throws Exception {
            try (Connection connection = Connection.open(HOST, mqttPort, 0, tally)) {
                admit(connection, Connection.connect(publisher, true, 0));
                acknowledged.set(sent.get());
                publishing = connection;
                while (!stopping) {
                    Packet packet = connection.next(15_000);
                    if (packet instanceof PubAck answer) {
                        acknowledged.incrementAndGet();
                        expect(!answer.reasonCode().isError(), "refused: " + answer);
                    } else if (packet instanceof Disconnect end) {
                        throw new IOException("disconnected: " + end);
                    }
                }
            } finally {
                publishing = null;
            }
        }

        private void publish() {
            for (boolean ready = false; !ready && !stopping; ) {
                ready = subscribed && publishing != null;
                LockSupport.parkNanos(10_000_000L);
            }
            connected.countDown();
            long due = System.nanoTime() + number * PERIOD_NANOS / PAIRS;
            byte[] payload = new byte[64];
            for (long i = 0; !stopping && !enough; i++, due += PERIOD_NANOS) {
                sleepUntil(due);
                Connection connection;
                while ((connection = publishing) == null
                        || sent.get() - acknowledged.get() >= UNACKNOWLEDGED) {
                    if (stopping || enough) {
                        return;
                    }
                    LockSupport.parkNanos(1_000_000L);
                }
                ByteBuffer.wrap(payload).putLong(due);
                try {
                    connection.send(Attack.publish(topic, payload, false, (int) (i % 60_000) + 1));
                    sent.incrementAndGet();
                } catch (IOException e) {
                    if (!stopping) {
                        harm("publisher " + number + ": " + e);
                    }
                    publishing = null;
                }
            }
        }
    }
}
