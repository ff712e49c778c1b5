package io.busbar.itests.karaf;

import io.busbar.testkit.time.Await;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The archive, unpacked once, started by its own script as people do. */
final class Server implements AutoCloseable {

    static final Duration START = Duration.ofSeconds(180);

    private static Path home;

    private final Process process;
    private final Path output;
    private final Path data;

    private Server(Process process, Path output, Path data) {
        this.process = process;
        this.output = output;
        this.data = data;
    }

    /** The unpacked archive. */
    static synchronized Path home() throws Exception {
        if (home == null) {
            Path target = Files.createDirectories(Path.of("target", "installation"));
            run("tar", "xzf", System.getProperty("dist"), "-C", target.toString());
            try (var folders = Files.list(target)) {
                home = folders.findFirst().orElseThrow().toAbsolutePath();
            }
        }
        return home;
    }

    /** Starts with ports that are free and waits until everything listens. */
    static Server start(Path data, String... options) throws Exception {
        List<String> all =
                new ArrayList<>(List.of("--http-port", "0", "--mqtt-port", "0", "--ws-port", "0"));
        all.addAll(Arrays.asList(options));
        Server server = launch(data, all.toArray(String[]::new));
        try {
            Await.until(
                    "server listens: " + server.output,
                    START,
                    () -> {
                        if (!server.process.isAlive()) {
                            throw new AssertionError("ended: " + server.output());
                        }
                        return Files.exists(Endpoints.file(data));
                    });
        } catch (AssertionError | Exception problem) {
            server.process.destroyForcibly();
            throw problem;
        }
        return server;
    }

    /** Starts and waits for nothing. */
    static Server launch(Path data, String... options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(home().resolve("busbar").toString());
        command.add("run");
        command.add("--data");
        command.add(data.toString());
        command.addAll(Arrays.asList(options));
        Path output = Files.createTempFile(Path.of("target"), "server", ".out");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.redirectErrorStream(true).redirectOutput(output.toFile());
        builder.redirectInput(new File("/dev/null"));
        return new Server(builder.start(), output, data);
    }

    Endpoints endpoints() throws IOException {
        return Endpoints.read(data);
    }

    long pid() {
        return process.pid();
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    /** Waits for the end and returns the exit code. */
    int exitCode(Duration limit) throws Exception {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("still running after " + limit + ": " + output());
        }
        return process.exitValue();
    }

    /** Asks it to stop (SIGTERM) and waits. */
    void stop() throws Exception {
        process.destroy();
        exitCode(Duration.ofSeconds(20));
    }

    @Override
    public void close() throws Exception {
        if (process.isAlive()) {
            process.destroyForcibly();
            process.waitFor(10, TimeUnit.SECONDS);
        }
    }

    static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + text);
        }
        return text;
    }
}
