package io.busbar.itests.soak;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.reflect.TypeToken;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/**
 * Everything that has brought the server down, all at once, for as long as is asked for; see the
 * README. What has to hold in every run, however busy the machine: the server lives, nobody
 * innocent is disconnected or refused, health answers, those who fill memory are told so, and the
 * memory comes back.
 */
class SoakIT {
    private static final long MEBIBYTE = 1 << 20;
    private static final int WARM_UP_SECONDS = 8;
    private static final int QUIET_SECONDS = 5;
    private static final int SAMPLE_SECONDS = 2;

    /** Milliseconds for 99 of 100 round trips on a machine that has nothing else to do. */
    private static final double STRICT_P99 = 100;

    /** The same on any machine. */
    private static final double P99 = 2_000;

    private static final Account ADMIN =
            new Account("", "admin", "a password of sufficient length");
    private static final int CHOSEN = 3;

    private final int seconds = Integer.getInteger("soak.seconds", 60);
    private final boolean strict = System.getProperty("soak.strict", "false").matches("|true");
    private final List<String> only =
            Arrays.stream(System.getProperty("soak.only", "").split(";"))
                    .filter(name -> !name.isBlank())
                    .toList();
    private final Path folder = Path.of("target/soak").toAbsolutePath();
    private final Map<String, Object> report = new LinkedHashMap<>();

    @Test
    void attacks_allAtOnce_theInnocentAreServed() throws Exception {
        Files.createDirectories(folder);
        Path run = Files.createTempDirectory(folder, "run");
        List<Account> chosen = new ArrayList<>();
        for (int i = 0; i <= CHOSEN; i++) {
            chosen.add(new Account("chosen" + i, "chosen" + i, "chosen by a person " + i));
        }
        Path archive = Path.of(System.getProperty("dist"));
        String options = System.getProperty("soak.java", "-Xmx256m");
        report.put("at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        report.put("seconds", seconds);
        report.put("java", Runtime.version() + ", " + options);
        report.put("processors", Runtime.getRuntime().availableProcessors());
        report.put("only", only);

        try (Server server = Server.start(archive, run, options, bootstrap(chosen));
                Memory memory = new Memory(server.pid());
                Bystanders bystanders = new Bystanders(server.mqttPort(), server.httpPort())) {
            Console console = new Console(server.httpPort());
            assertThat(console.signIn(ADMIN)).isEqualTo(200);
            List<Account> innocent =
                    accounts(console, "innocent", 2 * Bystanders.PAIRS + 3, false, "bystander/#");
            Orders orders =
                    new Orders(
                            server.mqttPort(),
                            server.httpPort(),
                            seconds,
                            only,
                            ADMIN,
                            accounts(console, "attacker", Attackers.ACCOUNTS, true, "attack/#"),
                            chosen.subList(1, chosen.size()));

            bystanders.start(innocent, chosen.get(0), ADMIN);
            TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
            Memory.Sample before = memory.lookAfterCollection();
            bystanders.phase("quiet");
            TimeUnit.SECONDS.sleep(QUIET_SECONDS);

            bystanders.phase("attack");
            Path counts = run.resolve("attackers.json");
            Process attackers = attackers(run, orders, counts);
            watch(server, memory, attackers, run.resolve("histogram-high.txt"));
            bystanders.phase("after");
            Memory.Sample after = null;
            if (server.isAlive()) {
                after = aftermath(run, memory, console, orders);
                bystanders.settle(30_000);
            }
            boolean alive = server.isAlive();
            bystanders.end();
            int exit = server.stop();

            Map<String, Map<String, Long>> attacks = counts(counts);
            List<String> harms = bystanders.harms();
            List<String> logged = server.troubles();
            report.put("attacks", attacks);
            report.put("innocent", bystanders.summaries());
            report.put("innocentCounts", bystanders.tally().all());
            report.put("harms", harms);
            report.put("before", before);
            report.put("after", after);
            report.put("samples", memory.samples());
            report.put("exit", exit);
            report.put("logged", logged);
            write(run);

            SoftAssertions softly = new SoftAssertions();
            softly.assertThat(alive).as("lives").isTrue();
            softly.assertThat(exit).as("ends as it should").isZero();
            softly.assertThat(logged)
                    .as("logged errors")
                    .noneMatch(line -> line.contains("MemoryError") || line.contains(" ERROR "));
            softly.assertThat(Answers.surprising(attacks)).as("told to attackers").isEmpty();
            softly.assertThat(harms).as("done to the innocent").isEmpty();
            softly.assertThat(bystanders.latencies("round trip", "attack").millisAt(0.99))
                    .as("milliseconds of the round trip, 99 of 100")
                    .isLessThan(strict ? STRICT_P99 : P99);
            softly.assertThat(report.get("noAnswer")).as("afterwards").isNull();
            if (after != null) {
                softly.assertThat(after.heap() - before.heap())
                        .as("heap more than before, after a full collection")
                        .isLessThan(48 * MEBIBYTE);
                softly.assertThat(after.direct() - before.direct())
                        .as("direct memory more than before")
                        .isLessThan(48 * MEBIBYTE);
            }
            softly.assertAll();
        }
    }

    /** Looks at the memory until the attackers have ended. */
    private void watch(Server server, Memory memory, Process attackers, Path high)
            throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds + 60L);
        while (!attackers.waitFor(SAMPLE_SECONDS, TimeUnit.SECONDS)) {
            if (!server.isAlive() || System.nanoTime() > until) {
                attackers.destroyForcibly().waitFor();
                return;
            }
            try {
                if (memory.look().isShort() && Files.notExists(high)) {
                    Files.writeString(high, memory.histogram());
                }
            } catch (Exception e) {
                report.put("lookFailed", e.toString());
            }
        }
        assertThat(attackers.exitValue()).as("the attackers' process").isZero();
    }

    /**
     * Notes what the server says of it all, takes away what the attackers were allowed to leave,
     * and looks what is left; null if the server does not answer.
     */
    private Memory.Sample aftermath(Path run, Memory memory, Console console, Orders orders)
            throws Exception {
        try {
            report.put("end", memory.lookAfterCollection());
            report.put("signedIn", console.signIn(ADMIN));
            report.put("rejections", rejections(console));
            report.put("http", console.read("/http"));
            report.put("memory", console.read("/memory"));
            Tally tally = new Tally();
            new Cleaner(orders.mqttPort(), tally).clean(console, orders.accounts());
            report.put("cleaner", tally.all());
            TimeUnit.SECONDS.sleep(QUIET_SECONDS);
            Memory.Sample after = memory.lookAfterCollection();
            report.put("memoryAfter", console.read("/memory"));
            Files.writeString(run.resolve("histogram.txt"), memory.histogram());
            return after;
        } catch (IOException e) {
            report.put("noAnswer", e.toString());
            return null;
        }
    }

    /** Another process, with the lowest priority: the processors are shared with the server. */
    private static Process attackers(Path run, Orders orders, Path counts) throws Exception {
        Path file = Files.writeString(run.resolve("orders.json"), new Gson().toJson(orders));
        String classPath =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command =
                Stream.of(
                                "nice",
                                "-n",
                                "19",
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "-Xmx512m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                classPath,
                                Attackers.class.getName(),
                                file.toString(),
                                counts.toString())
                        .toList();
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(new File(run.toFile(), "attackers.out"))
                .start();
    }

    private static List<Account> accounts(
            Console console, String name, int count, boolean attacker, String filter)
            throws Exception {
        List<Map<String, String>> rules = new ArrayList<>();
        rules.add(Map.of("effect", "ALLOW", "action", "BOTH", "filter", filter));
        if (attacker) {
            rules.add(Map.of("effect", "ALLOW", "action", "BOTH", "filter", "plant/#"));
            rules.add(Map.of("effect", "ALLOW", "action", "SUBSCRIBE", "filter", "#"));
        }
        List<Account> accounts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            accounts.add(console.credential(name + i, attacker, rules));
        }
        return accounts;
    }

    private static String bootstrap(List<Account> chosen) {
        List<String> credentials =
                chosen.stream()
                        .map(
                                account ->
                                        "{\"username\":\""
                                                + account.username()
                                                + "\",\"password\":\""
                                                + account.password()
                                                + "\",\"clientId\":\""
                                                + account.clientId()
                                                + "\",\"clientIdPolicy\":\"ANY\",\"acl\":"
                                                + "[{\"effect\":\"ALLOW\",\"action\":\"BOTH\","
                                                + "\"filter\":\"bystander/#\"}]}")
                        .toList();
        return "{\"admin\":{\"username\":\""
                + ADMIN.username()
                + "\",\"password\":\""
                + ADMIN.password()
                + "\"},\"credentials\":["
                + String.join(",", credentials)
                + "],\"namespace\":"
                + Plant.namespace(Attackers.TOPICS)
                + "}";
    }

    /** How many of each cause, and those of the innocent whole. */
    private Map<String, Long> rejections(Console console) throws Exception {
        Tally tally = new Tally();
        List<JsonObject> ofInnocent = new ArrayList<>();
        report.put("rejectionsOfInnocent", ofInnocent);
        for (JsonObject row : console.all("/rejections?limit=500")) {
            if (row.get("clientId").getAsString().matches("innocent.*|chosen0")) {
                ofInnocent.add(row);
            }
            tally.add(
                    row.get("kind").getAsString()
                            + " "
                            + row.get("cause").getAsString()
                            + " 0x"
                            + Integer.toHexString(row.get("reasonCode").getAsInt()),
                    row.get("count").getAsLong());
        }
        return tally.all();
    }

    private static Map<String, Map<String, Long>> counts(Path file) throws Exception {
        return Files.exists(file)
                ? new Gson()
                        .fromJson(
                                Files.readString(file),
                                new TypeToken<Map<String, Map<String, Long>>>() {}.getType())
                : Map.of();
    }

    private void write(Path run) throws Exception {
        String json = new GsonBuilder().setPrettyPrinting().create().toJson(report);
        Files.writeString(run.resolve("report.json"), json);
        if (strict) {
            Path results = Files.createDirectories(Path.of("results"));
            String name = report.get("at").toString().replace(":", "") + "-" + seconds + "s.json";
            Files.writeString(results.resolve(name), json);
        }
    }
}
