package io.busbar.itests.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/**
 * The server is killed at any point, and comes back with everything that it had acknowledged; see
 * the README.
 */
class CrashIT {
    /** From so many kills or cuts on, the report is worth keeping. */
    private static final int LONG_RUN = 20;

    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

    private final int cycles = Integer.getInteger("crash.cycles", 3);
    private final int cuts = Integer.getInteger("crash.power", 0);
    private final boolean strict = System.getProperty("crash.strict", "false").matches("|true");
    private final String wantedSeed = System.getProperty("crash.seed", "");
    private final long seed =
            wantedSeed.isBlank()
                    ? ThreadLocalRandom.current().nextInt(1_000_000)
                    : Long.parseLong(wantedSeed);
    private final Path archive = Path.of(System.getProperty("dist"));
    private final String javaOptions = System.getProperty("crash.java", "");

    @Test
    void killed_atAnyPoint_nothingAcknowledgedIsLost() throws Exception {
        assumeTrue(cycles > 0, "crash.cycles is 0");
        Path folder = folder();
        String dir = System.getProperty("crash.dir", "");
        Path data = dir.isBlank() ? folder.resolve("data") : Path.of(dir).toAbsolutePath();
        Server server = new Server(archive, folder, data, javaOptions);

        run(
                "kill",
                cycles,
                folder,
                server,
                new CrashRun(server, Server::kill, seed, strict, folder.resolve("trace.txt")));
    }

    @Test
    void powerIsCut_atAnyPoint_nothingAcknowledgedIsLost() throws Exception {
        assumeTrue(cuts > 0, "crash.power is 0");
        Path folder = folder();
        Optional<String> obstacle = LoopDisk.obstacle(folder);
        if (obstacle.isPresent()) {
            System.out.println("No cuts of power: " + obstacle.get());
        }
        assumeTrue(obstacle.isEmpty(), () -> "no loop device: " + obstacle.get());
        try (LoopDisk disk = new LoopDisk(folder.resolve("disk.img"), folder.resolve("disk"))) {
            Server server = new Server(archive, folder, disk.folder().resolve("data"), javaOptions);

            run(
                    "power",
                    cuts,
                    folder,
                    server,
                    new CrashRun(server, disk::cut, seed, strict, folder.resolve("trace.txt")));
        }
    }

    private static Path folder() throws Exception {
        Path target = Files.createDirectories(Path.of("target/crash")).toAbsolutePath();
        return Files.createTempDirectory(target, "run");
    }

    private void run(String what, int wanted, Path folder, Server server, CrashRun run)
            throws Exception {
        System.out.println("seed " + seed + ", " + wanted + " cycles, " + folder);
        server.allowEverybody();
        long began = System.nanoTime();
        List<Fault> faults;
        try {
            faults = run.run(wanted);
        } catch (Exception | AssertionError e) {
            System.out.println("seed " + seed + ", cycle " + run.cycle() + ": " + e);
            System.out.println(server.tail());
            throw e;
        }

        Map<String, Object> report = new LinkedHashMap<>();
        report.put("at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        report.put("what", what);
        report.put("seed", seed);
        report.put("strict", strict);
        report.put("seconds", (System.nanoTime() - began) / 1_000_000_000);
        report.put("java", Runtime.version() + ", " + javaOptions);
        report.put("processors", Runtime.getRuntime().availableProcessors());
        report.putAll(run.report());
        String text = GSON.toJson(report) + "\n";
        Files.writeString(folder.resolve("report.json"), text);
        System.out.println(text);
        if (wanted >= LONG_RUN) {
            String name = report.get("at").toString().replace(":", "") + "-" + what + ".json";
            Files.writeString(Files.createDirectories(Path.of("results")).resolve(name), text);
        }
        if (!faults.isEmpty()) {
            System.out.println("seed " + seed + ", cycle " + run.cycle() + ", " + folder);
            faults.stream().limit(20).forEach(System.out::println);
            System.out.println(server.tail());
        }
        assertThat(faults.stream().limit(20).toList())
                .as("seed %s, cycle %s, %s", seed, run.cycle(), folder)
                .isEmpty();
    }
}
