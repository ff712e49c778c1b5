package io.busbar.itests.crash;

import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.itests.crash.Fault.Kind;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.ConnectProperties;
import io.busbar.mqtt.codec.Disconnect;
import io.busbar.mqtt.codec.MalformedPacketException;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.PubComp;
import io.busbar.mqtt.codec.PubRec;
import io.busbar.mqtt.codec.PubRel;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.ReasonDetails;
import io.busbar.mqtt.codec.SubAck;
import io.busbar.mqtt.codec.Subscribe;
import io.busbar.mqtt.codec.UnsubAck;
import io.busbar.mqtt.codec.Unsubscribe;
import io.busbar.mqtt.codec.Will;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A client that keeps its part of the Session as the specification demands of it: what it sent and
 * what is not acknowledged is sent again, with DUP, in the same order; Packet Identifiers of QoS 2
 * messages that came are remembered until PUBREL. It notes in the {@link Ledger} what it sees.
 *
 * <p>Connecting and leaving is for one thread; everything else may be called by any.
 */
final class Client {
    private static final int CONNACK_MILLIS = 15_000;
    private static final ReasonDetails NO_DETAILS = ReasonDetails.NONE;
    private static final int[] NO_IDENTIFIERS = {};

    /**
     * @param expirySeconds Session Expiry Interval; with MQTT 3.1.1, 0 is Clean Session
     * @param pauseMillis how long it takes to work on one message
     */
    record Settings(
            String id,
            ProtocolVersion version,
            long expirySeconds,
            int receiveMaximum,
            int pauseMillis) {
        static Settings of(String id, ProtocolVersion version) {
            return new Settings(id, version, ConnectProperties.NEVER_EXPIRES, 65_535, 0);
        }

        Settings receiveMaximum(int maximum) {
            return new Settings(id, version, expirySeconds, maximum, pauseMillis);
        }

        Settings expiry(long seconds) {
            return new Settings(id, version, seconds, receiveMaximum, pauseMillis);
        }

        Settings pause(int millis) {
            return new Settings(id, version, expirySeconds, receiveMaximum, millis);
        }
    }

    /** What came of trying to connect. */
    enum Outcome {
        /** Nobody listens. */
        REFUSED,
        /** It is not known what the server made of CONNECT. */
        UNANSWERED,
        NEW_SESSION,
        SESSION_PRESENT
    }

    /** A message on its way to the server: PUBLISH has to be sent again, or PUBREL. */
    private static final class Outgoing {
        private final Publication publication;
        private final Publish packet;
        private boolean released;

        Outgoing(Publication publication, Publish packet) {
            this.publication = publication;
            this.packet = packet;
        }
    }

    private record Request(Subscription subscription, boolean begins) {}

    private final Settings settings;
    private final Ledger ledger;
    private final int port;

    // The client's part of the Session.
    private final Map<Integer, Outgoing> outgoing = new LinkedHashMap<>();
    private final Map<Integer, Publication.Id> incoming = new HashMap<>();
    private final Map<Integer, Request> requests = new LinkedHashMap<>();
    private final List<Subscription> subscriptions = new ArrayList<>();
    private int session;
    private int packetId;

    private Wire wire;
    private Thread reader;
    private long connection;
    private int life;
    private volatile boolean connected;

    Client(Settings settings, Ledger ledger, int port) {
        this.settings = settings;
        this.ledger = ledger;
        this.port = port;
    }

    String id() {
        return settings.id();
    }

    /** The Client Identifier with the number of its session. */
    String sessionId() {
        return settings.id() + "#" + session;
    }

    boolean isConnected() {
        return connected;
    }

    /** Connects, and if the session is there, goes on where it was interrupted. */
    Outcome connect(boolean cleanStart, Will will) throws InterruptedException {
        endReader();
        int before = ledger.life();
        Wire fresh;
        ConnAck answer;
        try {
            fresh = new Wire(port, settings.version());
        } catch (IOException refused) {
            return Outcome.REFUSED;
        }
        try {
            fresh.patience(CONNACK_MILLIS);
            fresh.send(connectPacket(cleanStart, will));
            Packet packet = fresh.receive();
            if (!(packet instanceof ConnAck ack)) {
                fault(Kind.PROTOCOL, "", "CONNACK first [MQTT5-3.2.0-1]", packet.toString());
                fresh.close();
                return Outcome.UNANSWERED;
            }
            answer = ack;
            fresh.patience(0);
        } catch (IOException | MalformedPacketException noAnswer) {
            fresh.close();
            return Outcome.UNANSWERED;
        }
        if (answer.reasonCode().isError()) {
            ledger.count("CONNACK " + answer.reasonCode());
            fresh.close();
            return Outcome.UNANSWERED;
        }
        if (cleanStart && answer.sessionPresent()) {
            fault(Kind.GHOST_SESSION, "", "a new session [MQTT5-3.2.2-2]", answer.toString());
        }
        synchronized (this) {
            wire = fresh;
            life = before;
            connection = ledger.nextConnection();
            connected = true;
            if (!answer.sessionPresent()) {
                forget();
            }
            resume();
        }
        reader = new Thread(() -> read(fresh), id());
        reader.setDaemon(true);
        reader.start();
        return answer.sessionPresent() ? Outcome.SESSION_PRESENT : Outcome.NEW_SESSION;
    }

    private Connect connectPacket(boolean cleanStart, Will will) {
        boolean mqtt5 = settings.version().isMqtt5();
        ConnectProperties properties =
                mqtt5
                        ? new ConnectProperties(
                                settings.expirySeconds(),
                                settings.receiveMaximum(),
                                Packet.MAXIMUM_SIZE_BYTES,
                                0,
                                false,
                                true,
                                List.of(),
                                null,
                                null)
                        : ConnectProperties.NONE;
        return new Connect(
                settings.version(),
                cleanStart || !mqtt5 && settings.expirySeconds() == 0,
                0,
                settings.id(),
                will,
                null,
                null,
                properties);
    }

    /** The server has no session: neither has the client [MQTT5-3.2.2-5]. */
    private void forget() {
        session++;
        outgoing.clear();
        incoming.clear();
        requests.clear();
        subscriptions.forEach(Subscription::forget);
        subscriptions.clear();
    }

    /** Sends again what is not acknowledged, in the order of before [MQTT5-4.4.0-1]. */
    private void resume() {
        for (Map.Entry<Integer, Outgoing> entry : List.copyOf(outgoing.entrySet())) {
            Outgoing message = entry.getValue();
            if (message.released) {
                send(new PubRel(entry.getKey(), ReasonCode.SUCCESS, NO_DETAILS));
            } else {
                Publish first = message.packet;
                message.publication.sent(System.nanoTime());
                send(
                        new Publish(
                                true,
                                first.qos(),
                                first.retain(),
                                first.packetId(),
                                first.topic(),
                                0,
                                first.properties(),
                                NO_IDENTIFIERS,
                                first.payload()));
            }
        }
        List<Request> again = List.copyOf(requests.values());
        requests.clear();
        again.forEach(this::request);
    }

    /** Goes offline without a word, as if a cable was cut. */
    void drop() throws InterruptedException {
        Wire current = wire;
        if (current != null) {
            current.close();
        }
        endReader();
    }

    /** Says goodbye, and waits until the server has closed. */
    void disconnect() throws InterruptedException {
        synchronized (this) {
            if (!connected) {
                return;
            }
            send(Disconnect.NORMAL);
        }
        reader.join(TimeUnit.SECONDS.toMillis(5));
        drop();
    }

    private void endReader() throws InterruptedException {
        if (reader != null) {
            wire.close();
            reader.join();
            reader = null;
        }
    }

    /** How many messages are not acknowledged yet. */
    synchronized int pending() {
        return outgoing.size();
    }

    /** The same in words. */
    synchronized String pendingInWords() {
        List<String> words = new ArrayList<>();
        outgoing.forEach(
                (id, message) ->
                        words.add(
                                (message.released ? "PUBREL " : "PUBLISH ")
                                        + id
                                        + ": "
                                        + message.publication));
        requests.forEach((id, request) -> words.add(id + ": " + request));
        return words.toString();
    }

    /** Publishes, if it is connected. */
    synchronized boolean publish(Publication publication, boolean retain, byte[] payload) {
        if (!connected) {
            return false;
        }
        int id = freePacketId();
        Publish packet =
                Publish.of(
                        TopicName.of(publication.topic()),
                        payload,
                        Qos.of(publication.qos()),
                        retain,
                        id);
        outgoing.put(id, new Outgoing(publication, packet));
        publication.sent(System.nanoTime());
        send(packet);
        return true;
    }

    /** Subscribes, if it is connected. */
    synchronized void subscribe(String filter, int qos) {
        if (connected) {
            Subscription subscription =
                    new Subscription(sessionId(), TopicFilter.of(filter), qos, System.nanoTime());
            ledger.add(subscription);
            subscriptions.add(subscription);
            request(new Request(subscription, true));
        }
    }

    /** Ends one of {@link #subscriptions}, if it is connected. */
    synchronized void unsubscribe(Subscription subscription) {
        if (connected) {
            subscription.endRequested(System.nanoTime());
            subscriptions.remove(subscription);
            request(new Request(subscription, false));
        }
    }

    /** It is not known any more whether they are there; it has to subscribe again. */
    synchronized void giveUpSubscriptions() {
        subscriptions.forEach(Subscription::forget);
        subscriptions.clear();
    }

    /** What it has subscribed to and not ended. */
    synchronized List<Subscription> subscriptions() {
        return List.copyOf(subscriptions);
    }

    /** Whether the server has answered everything. */
    synchronized boolean isAnswered() {
        return requests.isEmpty() && outgoing.isEmpty();
    }

    private void request(Request request) {
        int id = freePacketId();
        requests.put(id, request);
        Subscription subscription = request.subscription;
        send(
                request.begins
                        ? new Subscribe(
                                id,
                                0,
                                List.of(),
                                List.of(
                                        new Subscribe.Entry(
                                                subscription.filter(), Qos.of(subscription.qos()))))
                        : new Unsubscribe(id, List.of(), List.of(subscription.filter())));
    }

    private int freePacketId() {
        do {
            packetId = packetId % 65_535 + 1;
        } while (outgoing.containsKey(packetId) || requests.containsKey(packetId));
        return packetId;
    }

    /** Under the lock. A connection that has ended is noticed by the reader. */
    private void send(Packet packet) {
        try {
            wire.send(packet);
        } catch (IOException ended) {
            wire.close();
        }
    }

    private void read(Wire current) {
        try {
            while (true) {
                Packet packet = current.receive();
                long now = System.nanoTime();
                if (packet instanceof Publish && settings.pauseMillis() > 0) {
                    TimeUnit.MILLISECONDS.sleep(settings.pauseMillis());
                }
                synchronized (this) {
                    handle(packet, now);
                }
            }
        } catch (MalformedPacketException e) {
            fault(Kind.PROTOCOL, "", "packets as specified", e.toString());
        } catch (IOException | InterruptedException ended) {
            // As the connection does when the server is killed.
        } finally {
            current.close();
            connected = false;
        }
    }

    private void handle(Packet packet, long now) {
        if (packet instanceof Publish publish) {
            received(publish, now);
        } else if (packet instanceof PubRel release) {
            incoming.remove(release.packetId());
            send(new PubComp(release.packetId(), ReasonCode.SUCCESS, NO_DETAILS));
        } else if (packet instanceof PubAck ack) {
            Outgoing message = outgoing.remove(ack.packetId());
            if (message != null) {
                answered(message.publication, ack.reasonCode(), now);
                message.publication.completed(now);
            }
        } else if (packet instanceof PubRec rec) {
            recorded(rec, now);
        } else if (packet instanceof PubComp comp) {
            Outgoing message = outgoing.remove(comp.packetId());
            if (message != null) {
                message.publication.completed(now);
            }
        } else if (packet instanceof SubAck ack) {
            Request request = requests.remove(ack.packetId());
            if (request != null) {
                if (ack.reasonCodes().get(0).isError()) {
                    ledger.count("SUBACK " + ack.reasonCodes().get(0));
                    request(request);
                } else {
                    request.subscription.acknowledged(now);
                }
            }
        } else if (packet instanceof UnsubAck ack) {
            Request request = requests.remove(ack.packetId());
            if (request != null) {
                request.subscription.ended(now);
            }
        } else if (packet instanceof Disconnect disconnect) {
            ledger.count("DISCONNECT " + disconnect.reasonCode());
        }
    }

    private void recorded(PubRec rec, long now) {
        Outgoing message = outgoing.get(rec.packetId());
        if (message != null && rec.reasonCode().isError()) {
            answered(message.publication, rec.reasonCode(), now);
            outgoing.remove(rec.packetId());
            return;
        }
        if (message != null && !message.released) {
            message.released = true;
            message.publication.acknowledged(now);
        }
        send(new PubRel(rec.packetId(), ReasonCode.SUCCESS, NO_DETAILS));
    }

    private void answered(Publication publication, ReasonCode reason, long now) {
        if (reason.isError()) {
            ledger.count("refused " + reason);
            publication.refuse();
        } else {
            publication.acknowledged(now);
        }
    }

    private void received(Publish publish, long now) {
        Publication.Id message = Payload.read(publish.payload());
        String topic = publish.topic().value();
        if (publish.qos() == Qos.EXACTLY_ONCE) {
            Publication.Id known = incoming.get(publish.packetId());
            if (known == null) {
                incoming.put(publish.packetId(), message);
                received(message, topic, publish, now);
            } else if (!publish.dup()) {
                fault(
                        Kind.PROTOCOL,
                        topic,
                        "another Packet Identifier: " + publish.packetId() + " is in use",
                        message + " while " + known + " is not released");
            } else if (!known.equals(message)) {
                fault(
                        Kind.PROTOCOL,
                        topic,
                        known + " again, as Packet Identifier " + publish.packetId() + " says",
                        message + " with DUP");
            }
            send(new PubRec(publish.packetId(), ReasonCode.SUCCESS, NO_DETAILS));
        } else {
            received(message, topic, publish, now);
            if (publish.qos() == Qos.AT_LEAST_ONCE) {
                send(new PubAck(publish.packetId(), ReasonCode.SUCCESS));
            }
        }
    }

    private void received(Publication.Id message, String topic, Publish publish, long now) {
        ledger.add(
                new Receipt(
                        sessionId(),
                        message,
                        topic,
                        publish.qos().value(),
                        publish.dup(),
                        connection,
                        life,
                        now));
    }

    private void fault(Kind kind, String topic, String expected, String seen) {
        ledger.fault(kind, sessionId(), topic, expected, seen);
    }
}
