package io.busbar.mqtt.codec;

import com.google.gson.Gson;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.ReasonCode;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One case of {@code vectors/<PACKET>.json}: bytes on the wire, and the packet they are or the
 * reason they are refused for.
 *
 * @param statements the normative statements that it shows
 * @param version 3.1, 3.1.1 or 5.0
 * @param from client or server: who sends it
 * @param hex the bytes, separated by blanks
 * @param after what came before on the connection: NOTHING or CONNECT
 * @param packet the packet as {@link PacketText} writes it, or null
 * @param reason the reason code it is refused with, or null
 * @param canonical false if the encoder writes the same packet in a shorter way
 */
public record Vector(
        String name,
        List<String> statements,
        String version,
        String from,
        String hex,
        String after,
        @Nullable String packet,
        @Nullable ReasonCode reason,
        @Nullable Boolean canonical) {

    /** All cases of all packets. */
    public static List<Vector> all() {
        List<Vector> all = new ArrayList<>();
        for (PacketType type : PacketType.values()) {
            all.addAll(of(type));
        }
        return all;
    }

    /** The cases of a packet, those it is received in and those it is sent in. */
    public static List<Vector> of(PacketType type) {
        String path = "/vectors/" + type + ".json";
        try (Reader in =
                new InputStreamReader(
                        Objects.requireNonNull(Vector.class.getResourceAsStream(path), path),
                        StandardCharsets.UTF_8)) {
            return List.of(new Gson().fromJson(in, Vector[].class));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public byte[] bytes() {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    public boolean fromClient() {
        return from.equals("client");
    }

    public boolean isCanonical() {
        return canonical == null || canonical;
    }

    public ProtocolVersion protocolVersion() {
        for (ProtocolVersion candidate : ProtocolVersion.values()) {
            if (candidate.text().equals(version)) {
                return candidate;
            }
        }
        throw new IllegalArgumentException("version: " + version + " (expected: 3.1, 3.1.1, 5.0)");
    }

    @Override
    public String toString() {
        return name;
    }
}
