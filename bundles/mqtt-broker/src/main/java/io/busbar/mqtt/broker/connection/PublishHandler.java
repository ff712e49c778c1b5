package io.busbar.mqtt.broker.connection;

import io.busbar.api.broker.Rejection;
import io.busbar.api.broker.spi.ClientEvent;
import io.busbar.api.broker.spi.PublishOrigin;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.StorageException;
import io.busbar.mqtt.broker.delivery.NotStored;
import io.busbar.mqtt.broker.delivery.Routed;
import io.busbar.mqtt.broker.delivery.Source;
import io.busbar.mqtt.broker.delivery.Subscriber;
import io.busbar.mqtt.broker.feature.Features;
import io.busbar.mqtt.broker.gate.Rights;
import io.busbar.mqtt.broker.intake.Judgement;
import io.busbar.mqtt.broker.limit.PublishRate;
import io.busbar.mqtt.broker.loop.Congestion;
import io.busbar.mqtt.broker.loop.Counters;
import io.busbar.mqtt.broker.loop.StoreCongestion;
import io.busbar.mqtt.broker.memory.Footprint;
import io.busbar.mqtt.broker.session.Session;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.PubComp;
import io.busbar.mqtt.codec.PubRec;
import io.busbar.mqtt.codec.PubRel;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.ReasonDetails;
import java.time.Clock;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * PUBLISH and PUBREL from a client: topic alias, quota, permission, routing, and acknowledging in
 * the order of arrival, MQTT 5.0 sections 3.3 and 4.3.
 */
final class PublishHandler implements Source {
    /** So that a client that is held is not held again with its next message. */
    private static final long MIN_PAUSE_MILLIS = 100;

    /** Longer nobody is kept from being heard: neither that it lives nor that it is gone. */
    private static final long MAX_PAUSE_MILLIS = 10_000;

    private static final String RETAINED_FULL =
            "delivered, but not retained: too many retained messages, or no memory for more";

    private final BrokerParts broker;
    private final Connection connection;
    private final Clock clock;
    private final Counters counters;
    private final StoreCongestion store;
    private final @Nullable PublishPace pace;
    private final PublishVolume volume = new PublishVolume();

    /**
     * Messages that are not acknowledged yet, or wait for one before them [MQTT5-4.6.0-2]
     * [MQTT5-4.6.0-3].
     */
    private final ArrayDeque<Routed> unacknowledged = new ArrayDeque<>();

    private final Runnable acknowledgeAll = this::acknowledgeFree;
    private @Nullable PublishOrigin origin;
    private @Nullable TopicName @Nullable [] aliases;
    private int inflight;

    /** The time of the read at hand, or 0 before it is asked for. */
    private long now;

    PublishHandler(BrokerParts broker, Connection connection) {
        this.broker = broker;
        this.connection = connection;
        this.clock = broker.loops().clock();
        this.counters = connection.loop().counters();
        this.store = broker.loops().store();
        this.pace =
                broker.limits().publishes().rate().isLimited()
                        ? new PublishPace(
                                broker.limits().publishes().rate(), broker.loops().ticker())
                        : null;
    }

    /** Now, which is asked for once for all messages of a read: that takes milliseconds at most. */
    private long receivedAt() {
        if (now == 0) {
            now = clock.millis();
        }
        return now;
    }

    /** All packets of a read were handled. */
    void readComplete() {
        now = 0;
    }

    private PublishOrigin origin() {
        PublishOrigin known = origin;
        if (known == null) {
            known =
                    new PublishOrigin(
                            PublishOrigin.Door.CLIENT,
                            connection.version(),
                            connection.who().listener());
            origin = known;
        }
        return known;
    }

    void publish(Publish packet) {
        counters.publishIn++;
        counters.publishBytesIn += packet.payload().length;
        volume.count(receivedAt(), packet.payload().length);
        if (pace != null && isTooFast(pace, packet) || !isOffered(packet)) {
            return;
        }
        TopicName topic = packet.topic();
        if (packet.topicAlias() != 0) {
            topic = resolve(packet);
        }
        if (topic == null) {
            return;
        }
        Qos qos = packet.qos();
        Session session = connection.session();
        if (qos != Qos.AT_MOST_ONCE) {
            if (qos == Qos.EXACTLY_ONCE && session.isInbound(packet.packetId())) {
                // Sent again: taken over already, not delivered twice [MQTT5-4.3.3-10].
                connection.send(new PubRec(packet.packetId(), ReasonCode.SUCCESS));
                return;
            }
            if (connection.isMqtt5() && inflight >= broker.limits().publishes().receiveMaximum()) {
                connection.fail(
                        Rejection.Cause.RECEIVE_MAXIMUM,
                        "more than "
                                + broker.limits().publishes().receiveMaximum()
                                + " messages unacknowledged"); // [MQTT5-3.3.4-7] section 3.3.4
                return;
            }
            inflight++;
        }
        Rights rights = session.rights();
        if (rights == null) {
            throw new IllegalStateException("not connected");
        }
        Message message =
                new Message(
                        topic,
                        packet.payload(),
                        qos,
                        packet.retain(),
                        packet.properties(),
                        connection.publisher(),
                        receivedAt());
        Judgement judgement =
                broker.intake().fromClient(connection.loop(), rights, message, origin());
        if (judgement instanceof Judgement.Pending pending) {
            // Nothing is read meanwhile, so that the client's messages stay in order.
            connection.reading().stop();
            pending.whenDecided(
                    decided -> judgedLater(session, message, packet.packetId(), decided));
        } else {
            judged(session, message, packet.packetId(), judgement);
        }
    }

    private void judgedLater(Session session, Message message, int packetId, Judgement judgement) {
        if (connection.isClosed()) {
            // As if it had not arrived: QoS 1 and 2 come again, and a will is not overtaken.
            return;
        }
        try {
            judged(session, message, packetId, judgement);
        } catch (RuntimeException | LinkageError failure) {
            connection.loop().failed("PUBLISH", failure);
            connection.fail(Rejection.Cause.SERVER_FAILED, "the server failed");
        } finally {
            connection.reading().goOn();
        }
    }

    private void judged(Session session, Message message, int packetId, Judgement judgement) {
        Routed routed;
        if (judgement instanceof Judgement.Admitted admitted) {
            routed = new Routed(admitted.of(message), this, packetId);
            admit(session, routed, admitted.reason());
        } else {
            routed = new Routed(message, this, packetId);
            if (judgement instanceof Judgement.Refused refused) {
                refuse(session, routed, refused);
                if (connection.isClosed()) {
                    return;
                }
            } else if (judgement instanceof Judgement.Diverted diverted) {
                divert(session, routed, diverted);
            }
        }
        if (message.qos() != Qos.AT_MOST_ONCE) {
            if (routed.isFree()) {
                store(routed);
            }
            if (unacknowledged.isEmpty() && routed.isFree()) {
                acknowledgeNow(routed);
            } else {
                unacknowledged.add(routed);
            }
        }
        if (store.holds(volume.isLarge(), message.payload().length)) {
            connection.hold(store.publishers());
        }
    }

    private void admit(Session session, Routed routed, @Nullable String why) {
        Message message = routed.message();
        Qos qos = message.qos();
        if (qos == Qos.EXACTLY_ONCE) {
            StorageException trouble =
                    session.isDurable() ? connection.loop().storeTrouble() : null;
            if (trouble != null) {
                routed.failed(trouble); // Before anybody gets it.
                return;
            }
            session.inbound(routed.packetId());
        }
        ReasonCode reason = broker.intake().admit(connection.loop(), routed);
        if (reason == ReasonCode.QUOTA_EXCEEDED) {
            reject(Rejection.Cause.RETAINED_FULL, message.topic(), RETAINED_FULL);
            // QoS 2 has been taken over: an error would end the exchange that goes on.
            if (qos == Qos.AT_LEAST_ONCE) {
                routed.reason(reason, RETAINED_FULL);
            }
        } else if (connection.isMqtt5()) {
            routed.reason(reason, why);
        }
    }

    private void divert(Session session, Routed routed, Judgement.Diverted diverted) {
        if (routed.message().qos() == Qos.EXACTLY_ONCE) {
            session.inbound(routed.packetId());
        }
        routed.reason(ReasonCode.SUCCESS, diverted.reason());
    }

    /** Whether the connection ends because of its rate; if it is to go slower, it is held. */
    private boolean isTooFast(PublishPace own, Publish packet) {
        long nanos = own.count(packet.payload().length);
        if (nanos <= 0) {
            return false;
        }
        counters.throttled++;
        PublishRate rate = broker.limits().publishes().rate();
        String allowed =
                "faster than "
                        + (rate.messagesPerSecond() > 0
                                ? rate.messagesPerSecond() + " messages "
                                : "")
                        + (rate.bytesPerSecond() > 0 ? rate.bytesPerSecond() + " bytes " : "")
                        + "per second";
        long millis = Math.max(MIN_PAUSE_MILLIS, nanos / 1_000_000);
        if (rate.excess() == PublishRate.Excess.DISCONNECT || millis > MAX_PAUSE_MILLIS) {
            connection.fail(Rejection.Cause.PUBLISH_RATE, allowed);
            return true;
        }
        reject(Rejection.Cause.PUBLISH_RATE, packet.topic(), allowed);
        connection.pause(millis);
        return false;
    }

    /** Whether the server takes such messages at all; if not, the connection ends. */
    private boolean isOffered(Publish packet) {
        Features features = broker.features();
        if (packet.qos().compareTo(features.maximumQos()) > 0) {
            // section 3.2.2.3.4
            connection.fail(
                    Rejection.Cause.QOS_NOT_SUPPORTED,
                    "QoS " + packet.qos().value() + " is more than Maximum QoS");
            return false;
        }
        if (packet.retain() && !features.retainAvailable()) {
            // section 3.2.2.3.5
            connection.fail(Rejection.Cause.RETAIN_NOT_SUPPORTED, "messages are not retained");
            return false;
        }
        return true;
    }

    /** Everybody has a message of QoS 2: that it was taken over is stored before it is answered. */
    private void store(Routed routed) {
        if (routed.message().qos() != Qos.EXACTLY_ONCE || routed.failure() != null) {
            return;
        }
        Session session = connection.session();
        if (connection.isClosed()) {
            // By now it may be elsewhere.
            session.execute(() -> session.storeInbound(routed.packetId()));
        } else if (session.storeInbound(routed.packetId())) {
            routed.hold();
            connection.loop().await(routed);
        }
    }

    private @Nullable TopicName resolve(Publish packet) {
        int alias = packet.topicAlias();
        int max = broker.limits().topics().aliasMaximum();
        if (alias > max) {
            connection.fail(
                    Rejection.Cause.TOPIC_ALIAS,
                    "topic alias " + alias + " (expected: 1.." + max + ")"); // [MQTT5-3.3.2-9]
            return null;
        }
        TopicName[] known = aliases;
        if (known == null) {
            known = new TopicName[max + 1];
            aliases = known;
        }
        TopicName topic = packet.topic();
        if (topic != null) {
            return remember(known, alias, topic) ? topic : null;
        }
        TopicName meant = known[alias];
        if (meant == null) {
            connection.fail(
                    Rejection.Cause.PROTOCOL_ERROR, "topic alias " + alias + " has no topic yet");
        }
        return meant;
    }

    private boolean remember(@Nullable TopicName[] known, int alias, TopicName topic) {
        TopicName before = known[alias];
        long more = sizeOf(topic) - sizeOf(before);
        Session session = connection.session();
        if (more > 0 && !session.hasRoom(more)) {
            connection.fail(
                    Rejection.Cause.MEMORY_FULL,
                    "the server has no memory for more topic aliases of these credentials");
            return false;
        }
        session.holdForConnection(more);
        known[alias] = topic;
        return true;
    }

    private static long sizeOf(@Nullable TopicName topic) {
        return topic == null ? 0 : Footprint.topic(topic);
    }

    private void refuse(Session session, Routed routed, Judgement.Refused refused) {
        Qos qos = routed.message().qos();
        broker.rejections()
                .add(
                        Rejection.Kind.PUBLISH,
                        refused.cause(),
                        refused.code(),
                        connection.who(),
                        Rejection.What.about(routed.message().topic().value(), refused.detail()));
        if (connection.isMqtt5() && qos != Qos.AT_MOST_ONCE) {
            routed.reason(refused.code(), refused.why()); // QoS 2 ends here [MQTT5-4.3.3-9]
        } else if (refused.close()) {
            connection.end(refused.code(), refused.why(), ClientEvent.Cause.PROTOCOL_ERROR);
        } else if (qos == Qos.EXACTLY_ONCE) {
            // MQTT 3 has no way to say no: acknowledged and dropped.
            session.inbound(routed.packetId());
        }
    }

    private void reject(Rejection.Cause cause, @Nullable TopicName topic, String detail) {
        broker.rejections()
                .add(
                        Rejection.Kind.PUBLISH,
                        cause,
                        connection.who(),
                        topic == null
                                ? Rejection.What.of(detail)
                                : Rejection.What.about(topic.value(), detail));
    }

    @Override
    public @Nullable Subscriber self() {
        return connection.hasSession() ? connection.session() : null;
    }

    @Override
    public void hold(Congestion congestion) {
        connection.hold(congestion);
    }

    @Override
    public void slowDown(Congestion congestion) {
        if (volume.isLarge()) {
            connection.hold(congestion);
        }
    }

    @Override
    public void delivering() {
        connection.reading().stop();
    }

    @Override
    public void delivered() {
        connection.reading().goOn();
    }

    @Override
    public void acknowledge(Routed message) {
        if (connection.loop().inLoop()) {
            free(message);
        } else if (message.message().qos() == Qos.EXACTLY_ONCE) {
            connection.loop().execute(() -> free(message));
        } else {
            connection.loop().execute(acknowledgeAll);
        }
    }

    private void free(Routed message) {
        store(message);
        acknowledgeFree();
    }

    private void acknowledgeFree() {
        for (Routed first; (first = unacknowledged.peek()) != null && first.isFree(); ) {
            unacknowledged.poll();
            if (!connection.isClosed()) {
                acknowledgeNow(first);
            } else if (first.failure() != null && first.message().qos() == Qos.EXACTLY_ONCE) {
                // Not taken over after all: when the client sends it again, it is not a duplicate.
                forgetInbound(first.packetId());
            }
        }
    }

    private void forgetInbound(int packetId) {
        Session session = connection.session();
        session.execute(() -> session.releaseInbound(packetId));
    }

    private void acknowledgeNow(Routed routed) {
        Throwable failure = routed.failure();
        if (failure != null) {
            notStored(routed, failure);
            return;
        }
        ReasonCode reason = routed.reason();
        ReasonDetails details = ReasonDetails.of(routed.why());
        if (routed.message().qos() == Qos.AT_LEAST_ONCE) {
            inflight--;
            connection.send(new PubAck(routed.packetId(), reason, details));
        } else {
            if (reason.isError()) {
                inflight--; // [MQTT5-4.3.3-9]: the exchange ends here
            }
            connection.send(new PubRec(routed.packetId(), reason, details));
        }
    }

    private void notStored(Routed routed, Throwable failure) {
        NotStored told = NotStored.of(failure);
        reject(told.cause(), routed.message().topic(), told.why());
        connection.session().releaseInbound(routed.packetId());
        ReasonCode code = told.cause().reason();
        if (!connection.isMqtt5()) {
            // It cannot be told, so it must not believe the message is safe.
            connection.end(code, null, ClientEvent.Cause.LIMIT);
            return;
        }
        inflight--;
        ReasonDetails details = ReasonDetails.of(told.why());
        if (routed.message().qos() == Qos.AT_LEAST_ONCE) {
            connection.send(new PubAck(routed.packetId(), code, details));
        } else {
            connection.send(new PubRec(routed.packetId(), code, details)); // [MQTT5-4.3.3-9]
        }
    }

    /** PUBREL: the identifier is free again [MQTT5-4.3.3-11]. */
    void release(PubRel packet) {
        Session session = connection.session();
        int packetId = packet.packetId();
        if (session.releaseInbound(packetId)) {
            if (inflight > 0) {
                inflight--;
            }
            session.whenDurable(connection.sender(), new PubComp(packetId, ReasonCode.SUCCESS));
        } else {
            // section 3.7.2.1: not an error during recovery
            connection.send(
                    new PubComp(
                            packetId,
                            ReasonCode.PACKET_IDENTIFIER_NOT_FOUND,
                            ReasonDetails.of("no message waits with this Packet Identifier")));
        }
    }
}
