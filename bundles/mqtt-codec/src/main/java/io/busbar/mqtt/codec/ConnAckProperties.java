package io.busbar.mqtt.codec;

import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.UserProperty;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The properties of CONNACK, MQTT 5.0 section 3.2.2.3. A property is not sent if its value is the
 * one that its absence means.
 *
 * @param sessionExpiryIntervalSeconds the interval that the server uses, or -1 if it uses the
 *     client's
 * @param receiveMaximum how many unacknowledged QoS 1 and 2 messages the server accepts; 65,535 if
 *     absent
 * @param maximumQos the highest QoS that the server accepts; 2 if absent
 * @param retainAvailable true if absent
 * @param maximumPacketSizeBytes the largest packet that the server accepts; {@link
 *     Packet#MAXIMUM_SIZE_BYTES} if absent
 * @param assignedClientId the Client Identifier that the server has assigned, or null
 * @param topicAliasMaximum how many topic aliases the server accepts; 0 if absent
 * @param wildcardSubscriptionAvailable true if absent
 * @param subscriptionIdentifiersAvailable true if absent
 * @param sharedSubscriptionAvailable true if absent
 * @param serverKeepAliveSeconds the keep alive that the client must use, or -1 if it may use its
 *     own
 */
public record ConnAckProperties(
        long sessionExpiryIntervalSeconds,
        int receiveMaximum,
        Qos maximumQos,
        boolean retainAvailable,
        int maximumPacketSizeBytes,
        @Nullable String assignedClientId,
        int topicAliasMaximum,
        ReasonDetails details,
        boolean wildcardSubscriptionAvailable,
        boolean subscriptionIdentifiersAvailable,
        boolean sharedSubscriptionAvailable,
        int serverKeepAliveSeconds,
        @Nullable String responseInformation,
        @Nullable String serverReference,
        @Nullable String authenticationMethod,
        byte @Nullable [] authenticationData) {

    /** No property at all: all that MQTT 3 knows. */
    public static final ConnAckProperties NONE = builder().build();

    public ConnAckProperties {
        Objects.requireNonNull(maximumQos, "maximumQos");
        Objects.requireNonNull(details, "details");
    }

    /** Starts with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    /** Sets single properties; the others are absent. Not thread-safe. */
    public static final class Builder {
        private long sessionExpiryIntervalSeconds = MessageProperties.ABSENT;
        private int receiveMaximum = ConnectProperties.RECEIVE_MAXIMUM_DEFAULT;
        private Qos maximumQos = Qos.EXACTLY_ONCE;
        private boolean retainAvailable = true;
        private int maximumPacketSizeBytes = Packet.MAXIMUM_SIZE_BYTES;
        private @Nullable String assignedClientId;
        private int topicAliasMaximum;
        private ReasonDetails details = ReasonDetails.NONE;
        private boolean wildcardSubscriptionAvailable = true;
        private boolean subscriptionIdentifiersAvailable = true;
        private boolean sharedSubscriptionAvailable = true;
        private int serverKeepAliveSeconds = MessageProperties.ABSENT;
        private @Nullable String responseInformation;
        private @Nullable String serverReference;
        private @Nullable String authenticationMethod;
        private byte @Nullable [] authenticationData;

        private Builder() {}

        public Builder sessionExpiryIntervalSeconds(long value) {
            sessionExpiryIntervalSeconds = value;
            return this;
        }

        public Builder receiveMaximum(int value) {
            receiveMaximum = value;
            return this;
        }

        public Builder maximumQos(Qos value) {
            maximumQos = value;
            return this;
        }

        public Builder retainAvailable(boolean value) {
            retainAvailable = value;
            return this;
        }

        public Builder maximumPacketSizeBytes(int value) {
            maximumPacketSizeBytes = value;
            return this;
        }

        public Builder assignedClientId(@Nullable String value) {
            assignedClientId = value;
            return this;
        }

        public Builder topicAliasMaximum(int value) {
            topicAliasMaximum = value;
            return this;
        }

        public Builder reasonString(@Nullable String value) {
            details = new ReasonDetails(value, details.userProperties());
            return this;
        }

        public Builder userProperties(List<UserProperty> value) {
            details = new ReasonDetails(details.reasonString(), value);
            return this;
        }

        public Builder wildcardSubscriptionAvailable(boolean value) {
            wildcardSubscriptionAvailable = value;
            return this;
        }

        public Builder subscriptionIdentifiersAvailable(boolean value) {
            subscriptionIdentifiersAvailable = value;
            return this;
        }

        public Builder sharedSubscriptionAvailable(boolean value) {
            sharedSubscriptionAvailable = value;
            return this;
        }

        public Builder serverKeepAliveSeconds(int value) {
            serverKeepAliveSeconds = value;
            return this;
        }

        public Builder responseInformation(@Nullable String value) {
            responseInformation = value;
            return this;
        }

        public Builder serverReference(@Nullable String value) {
            serverReference = value;
            return this;
        }

        public Builder authentication(@Nullable String method, byte @Nullable [] data) {
            authenticationMethod = method;
            authenticationData = data;
            return this;
        }

        public ConnAckProperties build() {
            return new ConnAckProperties(
                    sessionExpiryIntervalSeconds,
                    receiveMaximum,
                    maximumQos,
                    retainAvailable,
                    maximumPacketSizeBytes,
                    assignedClientId,
                    topicAliasMaximum,
                    details,
                    wildcardSubscriptionAvailable,
                    subscriptionIdentifiersAvailable,
                    sharedSubscriptionAvailable,
                    serverKeepAliveSeconds,
                    responseInformation,
                    serverReference,
                    authenticationMethod,
                    authenticationData);
        }
    }
}
