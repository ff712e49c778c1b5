package io.busbar.itests.conformance;

import com.google.gson.Gson;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.codec.PacketType;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Bytes for a listener and what it answers, one of {@code dialogues/<PACKET>.json}, or of the
 * codec's {@code vectors/<PACKET>.json}, which have no answer and where the packet's type says it.
 *
 * @param name what is wrong or right with the bytes
 * @param statements the normative statements that it shows
 * @param version 3.1, 3.1.1 or 5.0
 * @param from client or server: who may send it, client if absent
 * @param after what came before on the connection: NOTHING or CONNECT
 * @param hex what is sent, separated by blanks
 * @param answer the packets that come back, in hexadecimal; empty for none
 * @param packet not null if the bytes are a packet
 * @param reason the reason code that ends the connection
 * @param live the same for bytes that are a packet, but refused after what came before
 */
record Dialogue(
        String name,
        List<String> statements,
        String version,
        @Nullable String from,
        String after,
        String hex,
        @Nullable String answer,
        @Nullable String packet,
        @Nullable ReasonCode reason,
        @Nullable ReasonCode live) {

    private static final Set<PacketType> ONLY_OF_SERVERS =
            EnumSet.of(
                    PacketType.CONNACK,
                    PacketType.SUBACK,
                    PacketType.UNSUBACK,
                    PacketType.PINGRESP);

    /** Those that are made for a listener. */
    static List<Dialogue> own(PacketType type) {
        return read("/dialogues/" + type + ".json");
    }

    /** Those that the codec is tested with as well. */
    static List<Dialogue> ofCodec(PacketType type) {
        return read("/vectors/" + type + ".json");
    }

    private static List<Dialogue> read(String path) {
        try (InputStream in = Dialogue.class.getResourceAsStream(path)) {
            if (in == null) {
                return List.of();
            }
            return List.of(
                    new Gson()
                            .fromJson(
                                    new InputStreamReader(in, StandardCharsets.UTF_8),
                                    Dialogue[].class));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean fromServer() {
        return "server".equals(from);
    }

    boolean afterConnect() {
        return after.equals("CONNECT");
    }

    ProtocolVersion protocolVersion() {
        return Arrays.stream(ProtocolVersion.values())
                .filter(candidate -> candidate.text().equals(version))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("version: " + version));
    }

    /** All of them with the name of their file, to tell them apart in a report. */
    static Stream<Named> all() {
        List<Named> all = new ArrayList<>();
        for (PacketType type : PacketType.values()) {
            own(type).forEach(dialogue -> all.add(new Named(type, dialogue)));
            ofCodec(type).stream()
                    .filter(dialogue -> !dialogue.fromServer() || ONLY_OF_SERVERS.contains(type))
                    .forEach(dialogue -> all.add(new Named(type, dialogue)));
        }
        return all.stream();
    }

    /** A dialogue and the packet that it is about. */
    record Named(PacketType type, Dialogue dialogue) {
        @Override
        public String toString() {
            return type + " " + dialogue.version + ": " + dialogue.name;
        }
    }
}
