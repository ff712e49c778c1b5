package io.busbar.itests.soak;

import io.busbar.testkit.time.Await;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The archive, unpacked and started by its own script as people do, with little memory. */
final class Server implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(120);

    private static final Pattern TROUBLE =
            Pattern.compile(" (WARN|ERROR) |Error: |MemoryError|Exception");

    private final Process process;
    private final Path folder;
    private final String endpoints;

    private Server(Process process, Path folder, String endpoints) {
        this.process = process;
        this.folder = folder;
        this.endpoints = endpoints;
    }

    /**
     * Starts with ports that are free and waits until everything listens.
     *
     * @param archive the archive, or a folder that has the start script
     * @param folder for everything that the server writes; anew
     */
    static Server start(Path archive, Path folder, String javaOptions, String bootstrap)
            throws Exception {
        Path home = Files.isDirectory(archive) ? archive : unpacked(archive, folder);
        Path file = Files.writeString(folder.resolve("bootstrap.json"), bootstrap);
        Path data = folder.resolve("data");
        ProcessBuilder builder =
                new ProcessBuilder(
                        home.resolve("busbar").toString(),
                        "run",
                        "--data",
                        data.toString(),
                        "--http-port",
                        "0",
                        "--mqtt-port",
                        "0",
                        "--ws-port",
                        "0",
                        "--bootstrap",
                        file.toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment()
                .put(
                        "BUSBAR_JAVA_OPTS",
                        javaOptions
                                + " -XX:NativeMemoryTracking=summary -Xlog:gc*:file="
                                + folder.resolve("gc.log"));
        builder.redirectErrorStream(true).redirectOutput(folder.resolve("server.out").toFile());
        builder.redirectInput(new File("/dev/null"));
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        Path endpoints = data.resolve("run/endpoints.json");
        Await.within(START, () -> Files.exists(endpoints) || !process.isAlive());
        if (!Files.exists(endpoints)) {
            process.destroyForcibly();
            throw new AssertionError(
                    "does not listen: " + Files.readString(folder.resolve("server.out")));
        }
        return new Server(process, folder, Files.readString(endpoints));
    }

    private static Path unpacked(Path archive, Path folder) throws Exception {
        Path installation = Files.createDirectories(folder.resolve("installation"));
        run("tar", "xzf", archive.toString(), "-C", installation.toString());
        try (var folders = Files.list(installation)) {
            return folders.findFirst().orElseThrow();
        }
    }

    int mqttPort() {
        return port("mqtt://127\\.0\\.0\\.1:(\\d+)\"");
    }

    int httpPort() {
        return port("\"console\": \"http://127\\.0\\.0\\.1:(\\d+)/\"");
    }

    private int port(String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(endpoints);
        if (!matcher.find()) {
            throw new AssertionError("no " + pattern + " in " + endpoints);
        }
        return Integer.parseInt(matcher.group(1));
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Lines of what it printed and logged that tell of something bad, at most a few hundred. */
    List<String> troubles() throws IOException {
        List<Path> files = new ArrayList<>();
        try (var logs = Files.list(folder.resolve("data/log"))) {
            logs.filter(Files::isRegularFile).sorted().forEach(files::add);
        }
        files.add(folder.resolve("server.out"));
        List<String> troubles = new ArrayList<>();
        for (Path file : files) {
            try (Stream<String> lines = Files.lines(file)) {
                lines.filter(line -> TROUBLE.matcher(line).find())
                        .limit(200)
                        .forEach(troubles::add);
            }
        }
        return troubles;
    }

    /** Asks it to stop (SIGTERM), waits, and returns the exit code; -1 if it had to be killed. */
    int stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            return -1;
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + text);
        }
        return text;
    }
}
