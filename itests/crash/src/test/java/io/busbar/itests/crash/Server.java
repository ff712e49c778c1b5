package io.busbar.itests.crash;

import io.busbar.testkit.time.Await;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The unpacked archive, started by its own script as people do, always on the same port. */
final class Server {
    private static final Duration START = Duration.ofSeconds(180);

    private final Path home;
    private final Path data;
    private final Path output;
    private final String javaOptions;
    private final int port;
    private Process process;
    private long launchedAt;
    private long readUpTo;

    /**
     * @param archive the archive, or a folder that has the start script
     * @param folder for what is unpacked and printed
     * @param data the data folder
     */
    Server(Path archive, Path folder, Path data, String javaOptions) throws Exception {
        home = Files.isDirectory(archive) ? archive : unpacked(archive, folder);
        this.data = data;
        this.javaOptions = javaOptions;
        output = folder.resolve("server.out");
        port = freePort();
    }

    private static Path unpacked(Path archive, Path folder) throws Exception {
        Path installation = Files.createDirectories(folder.resolve("installation"));
        Shell.run("tar", "xzf", archive.toString(), "-C", installation.toString());
        try (var folders = Files.list(installation)) {
            return folders.findFirst().orElseThrow();
        }
    }

    /**
     * A port that stays free while the server is down: not one of those that outgoing connections
     * get.
     */
    private static int freePort() {
        Random random = new Random();
        while (true) {
            int port = 15_000 + random.nextInt(15_000);
            try (ServerSocket socket =
                    new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                continue;
            }
        }
    }

    int port() {
        return port;
    }

    /** Every client of this machine may connect. */
    void allowEverybody() throws IOException {
        Path etc = Files.createDirectories(data.resolve("etc"));
        Files.writeString(
                etc.resolve("io.busbar.auth.anonymous.cfg"),
                "# on\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.SYNC);
    }

    /** Starts and waits for nothing. */
    void launch() throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(
                        home.resolve("busbar").toString(),
                        "run",
                        "--data",
                        data.toString(),
                        "--http-port",
                        "0",
                        "--mqtt-port",
                        String.valueOf(port),
                        "--ws-port",
                        "0");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("BUSBAR_JAVA_OPTS", javaOptions);
        builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.redirectInput(new File("/dev/null"));
        launchedAt = System.nanoTime();
        process = builder.start();
        Process started = process;
        Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
    }

    /** Waits until it takes MQTT connections, and returns how many milliseconds that took. */
    long awaitListening() throws Exception {
        if (!Await.within(START, this::isListening)) {
            kill();
            throw new AssertionError("does not listen after " + START + ": " + tail());
        }
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - launchedAt);
    }

    private boolean isListening() throws IOException {
        if (!process.isAlive()) {
            throw new AssertionError("the server has ended: " + tail());
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        }
    }

    long pid() {
        return process.pid();
    }

    /** SIGKILL, as kill -9 does. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Lines of the log about errors in our bundles that were not returned yet. */
    List<String> newErrors() throws IOException {
        Path log = data.resolve("log/busbar.log");
        if (!Files.exists(log)) {
            return List.of();
        }
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            if (file.length() < readUpTo) {
                readUpTo = 0;
            }
            file.seek(readUpTo);
            byte[] bytes = new byte[(int) Math.min(4 << 20, file.length() - readUpTo)];
            file.readFully(bytes);
            readUpTo += bytes.length;
            return new String(bytes, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.contains(" ERROR i.b."))
                    .limit(5)
                    .toList();
        }
    }

    /** The end of what it printed and logged. */
    String tail() throws IOException {
        StringBuilder text = new StringBuilder();
        for (Path file : List.of(output, data.resolve("log/busbar.log"))) {
            text.append("--- ").append(file).append('\n');
            if (Files.exists(file)) {
                try (Stream<String> lines = Files.lines(file)) {
                    List<String> all = lines.toList();
                    all.subList(Math.max(0, all.size() - 40), all.size())
                            .forEach(line -> text.append(line).append('\n'));
                }
            }
        }
        return text.toString();
    }
}
