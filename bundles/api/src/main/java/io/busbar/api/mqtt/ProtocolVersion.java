package io.busbar.api.mqtt;

import org.jspecify.annotations.Nullable;

/** The versions of MQTT that the server speaks. */
public enum ProtocolVersion {
    /** Protocol name MQIsdp, level 3. */
    MQTT_3_1("MQIsdp", 3, "3.1"),
    /** Protocol name MQTT, level 4. */
    MQTT_3_1_1("MQTT", 4, "3.1.1"),
    /** Protocol name MQTT, level 5. */
    MQTT_5_0("MQTT", 5, "5.0");

    private final String protocolName;
    private final int level;
    private final String text;

    ProtocolVersion(String protocolName, int level, String text) {
        this.protocolName = protocolName;
        this.level = level;
        this.text = text;
    }

    /** The protocol name in CONNECT. */
    public String protocolName() {
        return protocolName;
    }

    /** The protocol level in CONNECT: 3, 4 or 5. */
    public int level() {
        return level;
    }

    /** The version as people write it: 3.1, 3.1.1 or 5.0. */
    public String text() {
        return text;
    }

    /** Whether this is MQTT 5.0, whose packets carry properties and reason codes. */
    public boolean isMqtt5() {
        return this == MQTT_5_0;
    }

    /** Returns the version of a protocol level, or null if the server does not speak it. */
    public static @Nullable ProtocolVersion ofLevel(int level) {
        return switch (level) {
            case 3 -> MQTT_3_1;
            case 4 -> MQTT_3_1_1;
            case 5 -> MQTT_5_0;
            default -> null;
        };
    }
}
