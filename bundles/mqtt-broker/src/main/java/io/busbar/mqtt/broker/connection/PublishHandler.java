package io.busbar.mqtt.broker.connection;

import io.busbar.api.broker.Rejection;
import io.busbar.api.broker.spi.ClientEvent;
import io.busbar.api.broker.spi.PublishOrigin;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.StorageException;
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
import io.busbar.mqtt.broker.receipt.Receipt;
import io.busbar.mqtt.broker.session.Session;
import io.busbar.mqtt.codec.PubRel;
import io.busbar.mqtt.codec.Publish;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * PUBLISH and PUBREL from a client: topic alias, quota, permission, routing, and storing that it
 * was taken over, MQTT 5.0 sections 3.3 and 4.3.
 */
final class PublishHandler implements Source {
    /** So that a client that is held is not held again with its next message. */
    private static final long MIN_PAUSE_MILLIS = 100;

    /** Longer nobody is kept from being heard: neither that it lives nor that it is gone. */
    private static final long MAX_PAUSE_MILLIS = 10_000;

    private static final String RETAINED_FULL =
            "delivered, but not retained: too many retained messages, or no memory for more";

    private static final byte[] NOTHING = {};

    private final BrokerParts broker;
    private final Connection connection;
    private final Clock clock;
    private final Counters counters;
    private final StoreCongestion store;
    private final @Nullable PublishPace pace;
    private final PublishVolume volume = new PublishVolume();

    private final PublishAnswers answers;
    private @Nullable PublishOrigin origin;
    private @Nullable TopicName @Nullable [] aliases;

    /** The time of the read at hand, or 0 before it is asked for. */
    private long now;

    PublishHandler(BrokerParts broker, Connection connection) {
        this.broker = broker;
        this.connection = connection;
        this.clock = broker.loops().clock();
        this.counters = connection.loop().counters();
        this.store = broker.loops().store();
        this.answers = new PublishAnswers(broker, connection);
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
        boolean taken = qos == Qos.EXACTLY_ONCE && session.inbound().isSentAgain(packet, topic);
        if (qos != Qos.AT_MOST_ONCE && !taken) {
            if (connection.isMqtt5()
                    && answers.inflight() >= broker.limits().publishes().receiveMaximum()) {
                connection.fail(
                        Rejection.Cause.RECEIVE_MAXIMUM,
                        "more than "
                                + broker.limits().publishes().receiveMaximum()
                                + " messages unacknowledged"); // [MQTT5-3.3.4-7] section 3.3.4
                return;
            }
            answers.begin();
        }
        Rights rights = session.rights();
        if (rights == null) {
            throw new IllegalStateException("not connected");
        }
        if (taken) {
            answerAgain(session, topic, packet.packetId());
            return;
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
        volume.count(
                receivedAt(), Footprint.message(message), connection.reading().stoppedMillis());
        Judgement judgement =
                broker.intake().fromClient(connection.loop(), rights, message, origin());
        if (judgement instanceof Judgement.Pending pending) {
            // Nothing is read meanwhile, so that the client's messages stay in order.
            connection.reading().stop();
            pending.whenDecided(decided -> judgedLater(session, message, packet, decided));
        } else {
            judged(session, message, packet, judgement);
        }
    }

    /**
     * A message of QoS 2 is sent again: taken over already, not delivered twice [MQTT5-4.3.3-10].
     * It may be on its way still, since before its client came back: answered when it is stored.
     * Nothing is kept of it but what the answer needs, and nothing at all if this connection waits
     * for the answer already.
     */
    private void answerAgain(Session session, TopicName topic, int packetId) {
        if (answers.awaits(packetId)) {
            return;
        }
        Message message =
                new Message(
                        topic,
                        NOTHING,
                        Qos.EXACTLY_ONCE,
                        false,
                        MessageProperties.NONE,
                        connection.publisher(),
                        receivedAt());
        Routed again = new Routed(message, this, packetId);
        if (session.inbound().await(packetId, again)) {
            again.hold();
            answers.begin();
        }
        answers.add(again);
    }

    private void judgedLater(
            Session session, Message message, Publish packet, Judgement judgement) {
        if (connection.isClosed()) {
            // As if it had not arrived: QoS 1 and 2 come again, and a will is not overtaken.
            return;
        }
        try {
            judged(session, message, packet, judgement);
        } catch (RuntimeException | LinkageError failure) {
            connection.loop().failed("PUBLISH", failure);
            connection.fail(Rejection.Cause.SERVER_FAILED, "the server failed");
        } finally {
            connection.reading().goOn();
        }
    }

    private void judged(Session session, Message message, Publish packet, Judgement judgement) {
        Routed routed;
        if (judgement instanceof Judgement.Admitted admitted) {
            routed = admit(session, message, packet, admitted);
        } else if (judgement instanceof Judgement.Refused refused) {
            routed = refuse(session, message, packet, refused);
            if (connection.isClosed()) {
                return;
            }
        } else if (judgement instanceof Judgement.Diverted diverted) {
            routed = take(session, message, message, packet);
            routed.reason(ReasonCode.SUCCESS, diverted.reason());
        } else {
            throw new IllegalStateException("not decided: " + judgement);
        }
        if (message.qos() != Qos.AT_MOST_ONCE) {
            if (routed.isFree()) {
                store(routed);
            }
            answers.add(routed);
        }
        if (store.holds(volume.isLarge(), Footprint.message(message))) {
            connection.hold(store.publishers(), volume.isLarge());
        }
    }

    /**
     * The session takes a message over.
     *
     * @param came the message as it came
     */
    private Routed take(Session session, Message came, Message message, Publish packet) {
        int packetId = packet.packetId();
        return new Routed(
                message,
                this,
                packetId,
                came.qos() == Qos.EXACTLY_ONCE
                        ? session.inbound().take(packetId, packet.dup(), came)
                        : null);
    }

    private Routed admit(
            Session session, Message came, Publish packet, Judgement.Admitted admitted) {
        Message message = admitted.of(came);
        StorageException trouble =
                came.qos() == Qos.EXACTLY_ONCE && session.isDurable()
                        ? connection.loop().storeTrouble()
                        : null;
        if (trouble != null) {
            Routed refused = new Routed(message, this, packet.packetId());
            refused.failed(trouble); // Before anybody gets it.
            return refused;
        }
        Routed routed = take(session, came, message, packet);
        try {
            admit(routed, admitted.reason());
        } catch (RuntimeException | LinkageError failure) {
            Receipt receipt = routed.receipt();
            if (receipt != null) {
                // Or all that follow would wait for it.
                session.inbound().routed(receipt, none -> {}, failure);
            }
            throw failure;
        }
        return routed;
    }

    private void admit(Routed routed, @Nullable String why) {
        Message message = routed.message();
        Qos qos = message.qos();
        ReasonCode reason = broker.intake().admit(connection.loop(), routed);
        if (reason == ReasonCode.QUOTA_EXCEEDED) {
            reject(Rejection.Cause.RETAINED_FULL, message.topic(), RETAINED_FULL);
            // PUBREC of MQTT 3 has no Reason Code: the exchange goes on.
            if (qos == Qos.AT_LEAST_ONCE || connection.isMqtt5()) {
                routed.reason(reason, RETAINED_FULL);
            }
        } else if (connection.isMqtt5()) {
            routed.reason(reason, why);
        }
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

    /**
     * Everybody has a message of QoS 2, or it has failed: that it was taken over is stored before
     * it is answered.
     */
    private void store(Routed routed) {
        Receipt receipt = routed.receipt();
        if (receipt == null || receipt.isRouted()) {
            return;
        }
        Session session = connection.session();
        routed.hold();
        if (connection.isClosed()) {
            // By now it may be elsewhere.
            session.execute(() -> session.inbound().routed(receipt, routed, routed.failure()));
        } else {
            session.inbound().routed(receipt, routed, routed.failure());
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

    private Routed refuse(
            Session session, Message message, Publish packet, Judgement.Refused refused) {
        Qos qos = message.qos();
        broker.rejections()
                .add(
                        Rejection.Kind.PUBLISH,
                        refused.cause(),
                        refused.code(),
                        connection.who(),
                        Rejection.What.about(message.topic().value(), refused.detail()));
        if (!connection.isMqtt5() && !refused.close()) {
            // MQTT 3 has no way to say no: acknowledged and dropped.
            return take(session, message, message, packet);
        }
        Routed routed = new Routed(message, this, packet.packetId());
        if (connection.isMqtt5() && qos != Qos.AT_MOST_ONCE) {
            routed.reason(refused.code(), refused.why()); // QoS 2 ends here [MQTT5-4.3.3-9]
            if (qos == Qos.EXACTLY_ONCE) {
                session.inbound().forgetMarks(packet.packetId());
            }
        } else if (refused.close()) {
            connection.end(refused.code(), refused.why(), ClientEvent.Cause.PROTOCOL_ERROR);
        }
        return routed;
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
        connection.hold(congestion, false);
    }

    @Override
    public void slowDown(Congestion congestion) {
        if (volume.isLarge()) {
            connection.hold(congestion, false);
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
            connection.loop().execute(answers.sendFree());
        }
    }

    private void free(Routed message) {
        store(message);
        answers.sendAllFree();
    }

    /** PUBREL: the exchange of a message of QoS 2 goes on. */
    void release(PubRel packet) {
        answers.release(packet);
    }
}
