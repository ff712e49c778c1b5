package io.busbar.itests.soak;

import com.google.gson.Gson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The process of all attackers. It ends when its time is over or when whoever started it goes away,
 * and leaves behind what each attack was told.
 */
final class Attackers {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(15);

    private final Orders orders;
    private final Iterator<Account> accounts;
    private final Map<String, Tally> tallies = new LinkedHashMap<>();
    private final List<Attack> attacks = new ArrayList<>();

    private Attackers(Orders orders) {
        this.orders = orders;
        accounts = orders.accounts().iterator();
    }

    /** How many credentials {@link #all} takes. */
    static final int ACCOUNTS = 64;

    /** Topics with a model. */
    static final int TOPICS = 20_000;

    private interface Maker {
        Attack make(Orders orders, Tally tally, String address, Account account);
    }

    public static void main(String[] arguments) throws Exception {
        Path report = Path.of(arguments[1]);
        Orders orders = new Gson().fromJson(Files.readString(Path.of(arguments[0])), Orders.class);
        Thread parent = new Thread(Attackers::endWithParent, "parent");
        parent.setDaemon(true);
        parent.start();

        Attackers attackers = new Attackers(orders);
        attackers.all();
        attackers.run(report);
        System.exit(0);
    }

    private static void endWithParent() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is said; only its end matters.
            }
        } catch (IOException ignored) {
            // That is an end as well.
        }
        Runtime.getRuntime().halt(1);
    }

    private void all() {
        // Strangers over HTTP.
        for (int i = 0; i < 4; i++) {
            String path = i % 2 == 0 ? "/auth/login" : "/setup";
            add(2, (o, tally, address, account) -> new HttpAttacks.Bodies(o, tally, address, path));
        }
        add(1, (o, tally, address, account) -> new HttpAttacks.SlowBodies(o, tally, address));
        add(2, (o, tally, address, account) -> new HttpAttacks.AbortedBodies(o, tally, address));
        add(2, (o, tally, address, account) -> new HttpAttacks.BadHosts(o, tally, address));
        // Somebody who may sign in.
        add(2, (o, tally, address, account) -> new HttpAttacks.Export(o, tally, address));
        add(2, (o, tally, address, account) -> new HttpAttacks.Streams(o, tally, address));
        // Clients.
        add(2, MqttAttacks.RetainedDeep::new);
        add(2, MqttAttacks.RetainedLong::new);
        add(2, MqttAttacks.RetainedProperties::new);
        add(2, MqttAttacks.RetainedMany::new);
        add(2, MqttAttacks.LongFilters::new);
        add(2, MqttAttacks.Unmodelled::new);
        add(2, MqttAttacks.Aliases::new);
        add(2, MqttAttacks.Offline::new);
        add(1, MqttAttacks.NotReading::new);
        add(2, MqttAttacks.Flood::new);
        add(
                1,
                (o, tally, address, account) ->
                        new MqttAttacks.Values(o, tally, address, account, TOPICS));
        add(2, MqttAttacks.PipelinedSubscribes::new);
        add(2, MqttAttacks.SubscribeStorm::new);
        add(2, MqttAttacks.TakeOver::new);
        add(2, MqttAttacks.Incomplete::new);
        add(
                2,
                (o, tally, address, account) ->
                        new MqttAttacks.Passwords(
                                "wrong passwords", o, tally, address, account, true));
        for (Account chosen : orders.chosen()) {
            add(
                    1,
                    (o, tally, address, account) ->
                            new MqttAttacks.Passwords(
                                    "passwords that people chose",
                                    o,
                                    tally,
                                    address,
                                    chosen,
                                    false));
            add(
                    1,
                    (o, tally, address, account) ->
                            new MqttAttacks.Passwords(
                                    "wrong for passwords that people chose",
                                    o,
                                    tally,
                                    address,
                                    chosen,
                                    true));
        }
    }

    private void add(int instances, Maker maker) {
        for (int i = 0; i < instances; i++) {
            // A network of their own, so that limits of an address are not those of the innocent.
            String address = "127.0." + (1 + attacks.size() / 20) + "." + (1 + attacks.size() % 20);
            Tally tally = new Tally();
            Account account = accounts.hasNext() ? accounts.next() : orders.accounts().get(0);
            Attack attack = maker.make(orders, tally, address, account);
            if (orders.asksFor(attack.name())) {
                Tally shared = tallies.computeIfAbsent(attack.name(), name -> tally);
                attacks.add(
                        shared == tally ? attack : maker.make(orders, shared, address, account));
            }
        }
    }

    private void run(Path report) throws Exception {
        long until = System.nanoTime() + Duration.ofSeconds(orders.seconds()).toNanos();
        for (Attack attack : attacks) {
            Thread thread = new Thread(attack, attack.name());
            thread.setDaemon(true);
            thread.start();
        }
        while (System.nanoTime() < until) {
            TimeUnit.SECONDS.sleep(1);
            Connection.closeHeld(PATIENCE_NANOS);
            write(report);
        }
    }

    private void write(Path report) throws IOException {
        Map<String, Map<String, Long>> counts = new LinkedHashMap<>();
        tallies.forEach((name, tally) -> counts.put(name, tally.all()));
        Files.writeString(report, new Gson().toJson(counts));
    }
}
