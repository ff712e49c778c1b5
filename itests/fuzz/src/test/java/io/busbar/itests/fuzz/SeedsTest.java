package io.busbar.itests.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.mqtt.codec.PingReq;
import io.busbar.mqtt.codec.Vector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tries all seeds and findings, and writes the seeds where the fuzzer begins. */
class SeedsTest {
    private static final Path SEEDS = Path.of("target", "seeds");
    private static final int PIECES = 3;

    /** The fuzzer takes no longer ones. */
    private static final int LONGEST_WORD = 64;

    @Test
    void decoder_withEverySeed_holdsWhatItPromises() throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        for (Vector vector : Vector.all()) {
            seeds.add(seed(vector));
        }
        assertThat(seeds).hasSizeGreaterThan(400);
        write("decoder", seeds);

        seeds.forEach(DecoderFuzz::fuzzerTestOneInput);
    }

    @Test
    void webSocket_withEverySeed_holdsWhatItPromises() throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        for (Vector vector : Vector.all()) {
            byte[] payload = vector.bytes();
            seeds.add(WebSocketFuzz.frame(WebSocketFuzz.BINARY, payload));
            seeds.add(WebSocketFuzz.frame(WebSocketFuzz.TEXT, payload));
            seeds.add(WebSocketFuzz.frame(WebSocketFuzz.PING, payload));
        }
        seeds.add(WebSocketFuzz.frame(WebSocketFuzz.CLOSE, new byte[] {3, (byte) 0xE8}));
        write("websocket", seeds);

        seeds.forEach(WebSocketFuzz::fuzzerTestOneInput);
    }

    @Test
    void connection_withEverySeed_holdsWhatItPromises() throws IOException {
        List<byte[]> seeds = new ArrayList<>(Script.all());
        StringBuilder words = new StringBuilder();
        for (Vector vector : Vector.all()) {
            byte[] bytes = vector.bytes();
            Script script = Script.with(0);
            if (vector.after().equals("CONNECT")) {
                script.says(0, Script.connect(vector.protocolVersion(), "c", true));
            }
            seeds.add(script.bytes(0, PIECES, bytes).says(0, PingReq.INSTANCE).input());
            if (bytes.length <= LONGEST_WORD) {
                words.append(word(bytes));
            }
        }
        write("connection", seeds);
        Files.writeString(SEEDS.resolve("connection.dict"), words);

        seeds.forEach(ConnectionFuzz::fuzzerTestOneInput);
    }

    /** A line of a dictionary of the fuzzer. */
    private static String word(byte[] bytes) {
        StringBuilder line = new StringBuilder("\"");
        for (byte each : bytes) {
            line.append("\\x").append(HexFormat.of().toHexDigits(each));
        }
        return line.append("\"\n").toString();
    }

    @Test
    void findingsOfThePast_stayMended() throws IOException {
        for (byte[] finding : findings("decoder")) {
            DecoderFuzz.fuzzerTestOneInput(finding);
        }
        for (byte[] finding : findings("websocket")) {
            WebSocketFuzz.fuzzerTestOneInput(finding);
        }
        for (byte[] finding : findings("connection")) {
            ConnectionFuzz.fuzzerTestOneInput(finding);
        }
    }

    private static List<byte[]> findings(String target) throws IOException {
        Path folder = Path.of("src", "test", "resources", "findings");
        List<byte[]> findings = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(f -> f.getFileName().toString().startsWith(target)).toList()) {
                findings.add(HexFormat.of().parseHex(Files.readString(file).replaceAll("\\s", "")));
            }
        }
        return findings;
    }

    private static byte[] seed(Vector vector) {
        byte[] bytes = vector.bytes();
        byte[] seed = new byte[bytes.length + 1];
        seed[0] =
                (byte)
                        DecoderFuzz.mode(
                                vector.protocolVersion(),
                                !vector.fromClient(),
                                vector.after().equals("CONNECT"),
                                PIECES);
        System.arraycopy(bytes, 0, seed, 1, bytes.length);
        return seed;
    }

    private static void write(String target, List<byte[]> seeds) throws IOException {
        Path folder = Files.createDirectories(SEEDS.resolve(target));
        for (int i = 0; i < seeds.size(); i++) {
            Files.write(folder.resolve("seed-" + i), seeds.get(i));
        }
    }
}
