package io.busbar.mqtt.codec;

import io.busbar.api.mqtt.ReasonCode;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which packet may carry which reason code, and what MQTT 3 makes of those of CONNACK. */
final class ReasonCodes {
    private static final Map<PacketType, Set<ReasonCode>> OF_SERVER =
            new EnumMap<>(PacketType.class);
    private static final Map<PacketType, Set<ReasonCode>> OF_CLIENT =
            new EnumMap<>(PacketType.class);

    static {
        Set<ReasonCode> publish = set(0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99);
        Set<ReasonCode> release = set(0x00, 0x92);
        both(PacketType.PUBACK, publish);
        both(PacketType.PUBREC, publish);
        both(PacketType.PUBREL, release);
        both(PacketType.PUBCOMP, release);
        OF_SERVER.put(
                PacketType.CONNACK,
                set(
                        0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A,
                        0x8C, 0x90, 0x95, 0x97, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9F));
        OF_SERVER.put(
                PacketType.SUBACK,
                set(0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2));
        OF_SERVER.put(PacketType.UNSUBACK, set(0x00, 0x11, 0x80, 0x83, 0x87, 0x8F, 0x91));
        OF_SERVER.put(
                PacketType.DISCONNECT,
                set(
                        0x00, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8B, 0x8D, 0x8E, 0x8F, 0x90,
                        0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E,
                        0x9F, 0xA0, 0xA1, 0xA2));
        OF_CLIENT.put(
                PacketType.DISCONNECT,
                set(
                        0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97,
                        0x98, 0x99));
        OF_SERVER.put(PacketType.AUTH, set(0x00, 0x18));
        OF_CLIENT.put(PacketType.AUTH, set(0x18, 0x19));
    }

    private ReasonCodes() {}

    private static void both(PacketType type, Set<ReasonCode> codes) {
        OF_SERVER.put(type, codes);
        OF_CLIENT.put(type, codes);
    }

    private static Set<ReasonCode> set(int... codes) {
        Set<ReasonCode> set = EnumSet.noneOf(ReasonCode.class);
        for (int code : codes) {
            ReasonCode reason = ReasonCode.of(code);
            if (reason == null) {
                throw new IllegalArgumentException("reason code: " + code + " (expected: known)");
            }
            set.add(reason);
        }
        return set;
    }

    /** Whether the packet may carry the reason, sent by a client or by the server. */
    static boolean isOf(PacketType type, boolean fromClient, ReasonCode reason) {
        if (reason == ReasonCode.SUCCESS && type != PacketType.AUTH) {
            return true;
        }
        Set<ReasonCode> codes = (fromClient ? OF_CLIENT : OF_SERVER).get(type);
        return codes != null && codes.contains(reason);
    }

    /** The meaning of a return code of MQTT 3.1.1 section 3.2.2.3, or null if it has none. */
    static @Nullable ReasonCode ofConnectReturnCode(int code) {
        return switch (code) {
            case 0 -> ReasonCode.SUCCESS;
            case 1 -> ReasonCode.UNSUPPORTED_PROTOCOL_VERSION;
            case 2 -> ReasonCode.CLIENT_IDENTIFIER_NOT_VALID;
            case 3 -> ReasonCode.SERVER_UNAVAILABLE;
            case 4 -> ReasonCode.BAD_USER_NAME_OR_PASSWORD;
            case 5 -> ReasonCode.NOT_AUTHORIZED;
            default -> null;
        };
    }

    /**
     * The return code of MQTT 3.1.1 that comes nearest, or -1 if none does and the connection is
     * closed without one [MQTT311-3.2.2-6].
     */
    static int connectReturnCode(ReasonCode reason) {
        return switch (reason) {
            case SUCCESS -> 0;
            case UNSUPPORTED_PROTOCOL_VERSION -> 1;
            case CLIENT_IDENTIFIER_NOT_VALID -> 2;
            case SERVER_UNAVAILABLE,
                    SERVER_BUSY,
                    QUOTA_EXCEEDED,
                    USE_ANOTHER_SERVER,
                    SERVER_MOVED,
                    CONNECTION_RATE_EXCEEDED,
                    UNSPECIFIED_ERROR,
                    IMPLEMENTATION_SPECIFIC_ERROR ->
                    3;
            case BAD_USER_NAME_OR_PASSWORD -> 4;
            case NOT_AUTHORIZED, BANNED, BAD_AUTHENTICATION_METHOD -> 5;
            default -> -1;
        };
    }
}
