package io.busbar.itests.crash;

import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.itests.crash.Client.Settings;
import io.busbar.itests.crash.Fault.Kind;
import io.busbar.itests.crash.Subscriber.Presence;
import io.busbar.testkit.time.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** One server that is killed again and again over one data folder, and all its clients. */
final class CrashRun {
    /** Ends the server's process, and leaves what it had stored. */
    interface Kill {
        void kill(Server server) throws Exception;
    }

    private static final int SETTLE_EVERY = 5;
    private static final Duration SETTLE = Duration.ofSeconds(90);
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final Duration IDLE = Duration.ofSeconds(20);
    private static final Duration READ = Duration.ofSeconds(60);
    private static final int FIRST_START_MILLIS = 3_000;

    private final Server server;
    private final Kill kill;
    private final Random random;
    private final boolean strict;
    private final Path trace;
    private final Plant plant = new Plant();
    private final List<Actor> actors = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<RetainedHistory> retained = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();
    private final List<Long> starts = new ArrayList<>();
    private final Map<String, Integer> kills = new TreeMap<>();
    private long startMillis = FIRST_START_MILLIS;
    private int cycle;

    /**
     * @param strict whether the gap that is known counts as well
     * @param trace a file for all that clients saw, written if something is wrong
     */
    CrashRun(Server server, Kill kill, long seed, boolean strict, Path trace) {
        this.strict = strict;
        this.trace = trace;
        this.server = server;
        this.kill = kill;
        random = new Random(seed);
        makeActors();
    }

    private void makeActors() {
        ProtocolVersion v5 = ProtocolVersion.MQTT_5_0;
        ProtocolVersion v3 = ProtocolVersion.MQTT_3_1_1;
        List<String> topics =
                List.of(
                        "t/a", "t/b", "t/c", "t/d", "c/0", "c/1", "c/2", "s/0", "s/1", "x/0",
                        "x/1");
        publisher(Settings.of("p-5", v5), topics, true, 100);
        publisher(Settings.of("p-3", v3), topics, true, 100);
        publisher(Settings.of("p-large", v5), topics, true, 1_500);
        publisher(Settings.of("p-clean", v5).expiry(0), topics, false, 100);

        subscriber(Settings.of("all-2", v5), Presence.ONLINE, 2, "t/#");
        subscriber(Settings.of("exact-1", v3), Presence.ONLINE, 1, "t/b", "s/1");
        subscriber(Settings.of("narrow-2", v5).receiveMaximum(3), Presence.ONLINE, 2, "t/+", "x/0");
        subscriber(Settings.of("slow-1", v5).pause(2), Presence.ONLINE, 1, "t/a", "t/c");
        subscriber(Settings.of("away-1", v3), Presence.AWAY, 1, "t/#");
        subscriber(Settings.of("away-2", v5).receiveMaximum(10), Presence.AWAY, 2, "t/#", "c/1");
        subscriber(Settings.of("away-slow-2", v3).pause(1), Presence.AWAY, 2, "t/d");
        subscriber(Settings.of("comes-2", v5), Presence.COMING_AND_GOING, 2, "t/+");
        subscriber(Settings.of("comes-1", v3), Presence.COMING_AND_GOING, 1, "t/a", "t/d");
        subscriber(Settings.of("wills", v5), Presence.ONLINE, 2, Plant.WILLS + "#");
        for (int i = 0; i < 3; i++) {
            subscriber(
                    Settings.of("shared-2-" + i, v5).receiveMaximum(20),
                    i == 0 ? Presence.ONLINE : Presence.COMING_AND_GOING,
                    2,
                    "$share/two/s/#");
        }
        for (int i = 0; i < 2; i++) {
            subscriber(
                    Settings.of("shared-1-" + i, v5),
                    i == 0 ? Presence.AWAY : Presence.COMING_AND_GOING,
                    1,
                    "$share/one/s/+");
        }
        add(new Changer(client(Settings.of("changes-5", v5)), plant, next(), 2, topics(3)));
        add(new Changer(client(Settings.of("changes-3", v3)), plant, next(), 1, topics(3)));
        add(new Wiper(client(Settings.of("wipes", v5)), plant, next(), "t/a"));
        add(new Wiper(client(Settings.of("wipes-3", v3)), plant, next(), "t/b"));
        for (int seconds : new int[] {1, 2, 4}) {
            add(
                    new ExpiringSubscriber(
                            client(Settings.of("expires-" + seconds, v5).expiry(seconds)),
                            plant,
                            next(),
                            "x/+",
                            seconds));
        }
        for (int i = 0; i < 3; i++) {
            add(new WillClient(client(Settings.of("dies-" + i, v5)), plant, next(), i + 1));
        }
        add(new WillClient(client(Settings.of("dies-3", v3)), plant, next(), 0));
        for (ProtocolVersion version : List.of(v5, v3)) {
            RetainedWriter writer =
                    new RetainedWriter(
                            client(Settings.of("retains-" + version.level(), version)),
                            plant,
                            next());
            retained.addAll(writer.histories());
            add(writer);
        }
    }

    private static List<String> topics(int count) {
        List<String> topics = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            topics.add("c/" + i);
        }
        return topics;
    }

    private void publisher(
            Settings settings, List<String> topics, boolean durable, int payloadBytes) {
        add(new Publisher(client(settings), plant, next(), topics, durable, payloadBytes));
    }

    private void subscriber(Settings settings, Presence presence, int qos, String... filters) {
        add(new Subscriber(client(settings), plant, next(), presence, qos, filters));
    }

    private Client client(Settings settings) {
        return new Client(settings, plant.ledger(), server.port());
    }

    private Random next() {
        return new Random(random.nextLong());
    }

    private void add(Actor actor) {
        actors.add(actor);
    }

    int cycle() {
        return cycle;
    }

    /** Kills as often as is asked for, or until something is wrong; returns what is. */
    List<Fault> run(int cycles) throws Exception {
        try {
            for (Actor actor : actors) {
                Thread thread = new Thread(actor, "actor");
                thread.setDaemon(true);
                threads.add(thread);
            }
            server.launch();
            listening();
            plant.retain(true);
            threads.forEach(Thread::start);
            settle();
            while (cycle < cycles && faults.isEmpty()) {
                cycle++;
                cycle(KillPoint.random(random));
                faults.addAll(plant.ledger().faults());
                if (cycle % SETTLE_EVERY == 0 || cycle == cycles || !faults.isEmpty()) {
                    settle();
                }
            }
            return faults;
        } finally {
            plant.end();
            for (Thread thread : threads) {
                thread.join(TimeUnit.SECONDS.toMillis(5));
            }
            server.kill();
        }
    }

    private void cycle(KillPoint point) throws Exception {
        plant.everybodyOnline(point == KillPoint.DRAIN || random.nextInt(4) == 0);
        switch (point) {
            case AFTER_START -> {
                plant.publish(true);
                burst(20, 150);
                kill("BURST_BEFORE");
                start();
                plant.publish(true);
                pause(0, 150);
            }
            case RESTORE, TWICE -> {
                plant.publish(true);
                burst(100, 700);
                kill("BURST_BEFORE");
                server.launch();
                long part = point == KillPoint.TWICE ? 0 : 60;
                pause(
                        (int) (startMillis * part / 100),
                        (int) (startMillis * (point == KillPoint.TWICE ? 100 : 110) / 100));
            }
            case BURST -> {
                plant.publish(true);
                burst(100, 1_500);
            }
            case DRAIN -> {
                plant.everybodyOnline(false);
                plant.publish(true);
                burst(200, 700);
                plant.publish(false);
                plant.everybodyOnline(true);
                pause(2, 250);
            }
            case IDLE -> {
                plant.publish(true);
                burst(50, 300);
                plant.publish(false);
                idle();
                pause(200, 500);
            }
        }
        kill(point.name());
        start();
        System.out.println(
                "cycle " + cycle + " " + point + ", listens after " + startMillis + " ms");
    }

    /** A kill, and no Retained Message changes until it was read what is there. */
    private void kill(String point) throws Exception {
        kills.merge(point, 1, Integer::sum);
        plant.ledger().killed(System.nanoTime());
        plant.retain(false);
        kill.kill(server);
    }

    private void start() throws Exception {
        server.launch();
        listening();
        faults.addAll(readRetained());
        plant.retain(true);
        for (String line : server.newErrors()) {
            faults.add(new Fault(Kind.SERVER, "", "", "no errors", line));
        }
    }

    private void listening() throws Exception {
        startMillis = server.awaitListening();
        starts.add(startMillis);
        plant.ledger().uptime().begins(System.nanoTime());
    }

    private List<Fault> readRetained() {
        List<Fault> found = new ArrayList<>();
        Await.until(
                "retained messages are read",
                READ,
                () -> {
                    found.addAll(RetainedReader.faults(server.port(), retained));
                    return true;
                });
        return found;
    }

    private void burst(int fromMillis, int toMillis) throws InterruptedException {
        Await.within(
                IDLE,
                () ->
                        actors.stream()
                                .allMatch(
                                        a -> !(a instanceof Publisher) || a.client.isConnected()));
        pause(fromMillis, toMillis);
    }

    private void pause(int fromMillis, int toMillis) throws InterruptedException {
        Thread.sleep(fromMillis + random.nextInt(Math.max(1, toMillis - fromMillis)));
    }

    private void idle() {
        Await.within(
                IDLE,
                () -> isQuiet() && actors.stream().allMatch(actor -> actor.client.pending() == 0));
    }

    private boolean isQuiet() {
        return System.nanoTime() - plant.ledger().lastReceiptAt() > QUIET_NANOS;
    }

    /** Lets everything come to its end, and compares. */
    private void settle() throws Exception {
        plant.publish(false);
        plant.settle(true);
        boolean settled =
                Await.within(
                        SETTLE,
                        () ->
                                isQuiet()
                                        && actors.stream().allMatch(Actor::isSettled)
                                        && plant.ledger().deliveries().lost().isEmpty());
        for (Actor actor : actors) {
            if (!settled && !actor.isSettled()) {
                faults.add(
                        new Fault(
                                Kind.SERVER,
                                actor.client.id(),
                                "",
                                "connected, and everything acknowledged",
                                actor.client.isConnected()
                                        ? "not acknowledged: " + actor.client.pendingInWords()
                                        : "not connected"));
            }
        }
        for (Fault fault : plant.ledger().deliveries().faults()) {
            if (counts(fault)) {
                faults.add(fault);
            } else {
                plant.ledger().count("twice in a crash, QoS 2");
            }
        }
        faults.addAll(plant.ledger().faultsOfWills(System.nanoTime()));
        faults.addAll(plant.ledger().faults());
        if (!faults.isEmpty()) {
            Files.write(trace, plant.ledger().trace());
        }
        plant.ledger().settle();
        plant.settle(false);
    }

    private boolean counts(Fault fault) {
        return strict || fault.kind() != Kind.TWICE_IN_CRASH;
    }

    /** What happened, for the report. */
    Map<String, Object> report() {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("cycles", cycle);
        report.put("kills", plant.ledger().life());
        report.put("killsAt", kills);
        List<Long> sorted = starts.stream().sorted().toList();
        report.put(
                "startMillis",
                sorted.isEmpty()
                        ? Map.of()
                        : Map.of(
                                "least", sorted.get(0),
                                "median", sorted.get(sorted.size() / 2),
                                "most", sorted.get(sorted.size() - 1)));
        report.put("counts", plant.ledger().counts());
        report.put("faults", faults.stream().map(Fault::toString).limit(20).toList());
        return report;
    }
}
