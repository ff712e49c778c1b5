package io.busbar.mqtt.broker.intake;

import io.busbar.api.broker.Rejection;
import io.busbar.api.broker.spi.PublishOrigin;
import io.busbar.api.broker.spi.PublishVerdict;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.mqtt.UserProperty;
import io.busbar.mqtt.broker.loop.Counters;
import io.busbar.mqtt.broker.loop.Loop;
import io.busbar.mqtt.broker.loop.Ticker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where one loop asks interceptors: remembers who asked for the topics of late, and says what it is
 * in the middle of. Confined to the loop, but for what {@link Watch} reads.
 */
final class Desk {
    private static final Logger LOG = LoggerFactory.getLogger(Desk.class);
    private static final AtomicReferenceFieldUpdater<Desk, @Nullable Standing> RUNNING =
            AtomicReferenceFieldUpdater.newUpdater(Desk.class, Standing.class, "running");
    private static final AtomicLongFieldUpdater<Desk> CALL =
            AtomicLongFieldUpdater.newUpdater(Desk.class, "call");

    /** How many topics it remembers, a power of two; one more takes the place of another. */
    private static final int TOPICS = 8_192;

    /** Longer topics are not remembered: they are rare, and this bounds the memory. */
    private static final int MAX_TOPIC_LENGTH = 256;

    private static final String UNCHECKED = "the message could not be checked";

    private final Loop loop;
    private final Counters counters;
    private final Ticker ticker;
    private final Thread thread;

    private Table table = Table.EMPTY;
    private final @Nullable TopicName[] topics = new TopicName[TOPICS];
    private final Registration[][] found = new Registration[TOPICS][];
    private @Nullable TopicName lastTopic;
    private Registration[] lastFound = Table.NOBODY;

    /** Why the last one that had no verdict has none, for people. */
    private String failure = "";

    private volatile @Nullable Standing running;
    private volatile long call;

    // The watch's own notes about this desk.
    @Nullable Standing hangsIn;
    long watchedCall;
    long watchedNanos;

    /** Makes the one of a loop, on it. */
    Desk(Loop loop, Ticker ticker) {
        this.loop = loop;
        this.counters = loop.counters();
        this.ticker = ticker;
        this.thread = Thread.currentThread();
    }

    Judgement judge(Table now, Message message, PublishOrigin origin) {
        Registration[] asked = askedFor(now, message.topic());
        return asked.length == 0 ? Judgement.Admitted.AS_IT_CAME : judge(asked, message, origin);
    }

    private Registration[] askedFor(Table now, TopicName topic) {
        if (now != table) {
            forget();
            table = now;
        }
        if (topic == lastTopic) {
            return lastFound;
        }
        int hash = topic.hashCode();
        int slot = (hash ^ hash >>> 16) & TOPICS - 1;
        Registration[] asked;
        if (topic.equals(topics[slot])) {
            asked = found[slot];
        } else {
            asked = now.askedFor(topic.value());
            if (topic.value().length() <= MAX_TOPIC_LENGTH) {
                topics[slot] = topic;
                found[slot] = asked;
            }
        }
        lastTopic = topic;
        lastFound = asked;
        return asked;
    }

    /** Keeps nothing of interceptors that are gone, so that their bundles can go. */
    void letGo() {
        loop.execute(this::forget);
    }

    private void forget() {
        table = Table.EMPTY;
        Arrays.fill(topics, null);
        Arrays.fill(found, Table.NOBODY);
        lastTopic = null;
        lastFound = Table.NOBODY;
    }

    private Judgement judge(Registration[] asked, Message message, PublishOrigin origin) {
        Message soFar = message;
        String reason = null;
        for (Registration one : asked) {
            PublishVerdict verdict = ask(one, soFar, origin);
            if (verdict instanceof PublishVerdict.Annotate annotate) {
                one.standing().annotated.increment();
                soFar = annotated(soFar, annotate.userProperties());
                reason = joined(reason, annotate.reason());
            } else if (verdict instanceof PublishVerdict.Divert divert) {
                one.standing().diverted.increment();
                counters.diverted++;
                return new Judgement.Diverted(divert.reason());
            } else if (verdict instanceof PublishVerdict.Refuse refuse) {
                one.standing().refused.increment();
                counters.refused++;
                return new Judgement.Refused(
                        Rejection.Cause.REFUSED_BY_INTERCEPTOR,
                        refuse.code(),
                        refuse.reason(),
                        refuse.reason(),
                        refuse.close());
            } else if (verdict == null && !one.passes()) {
                counters.refused++;
                return Judgement.Refused.of(Rejection.Cause.INTERCEPTOR_FAILED, UNCHECKED, failure);
            }
        }
        return soFar == message && reason == null
                ? Judgement.Admitted.AS_IT_CAME
                : new Judgement.Admitted(soFar, reason);
    }

    /** Its verdict, or null if it has none. */
    private @Nullable PublishVerdict ask(Registration one, Message message, PublishOrigin origin) {
        Standing standing = one.standing();
        if (standing.everHung() && standing.isOut(ticker.nanos())) {
            failure = standing.name() + " hangs, or hung lately: see the server's health";
            countFailure(standing);
            return null;
        }
        standing.asked.increment();
        long began = ticker.nanos();
        CALL.lazySet(this, call + 1);
        RUNNING.lazySet(this, standing);
        try {
            PublishVerdict verdict = one.interceptor().intercept(message, origin);
            if (verdict == null) {
                failed(standing, message, new NullPointerException("verdict"));
            }
            return verdict;
        } catch (Exception | Error thrown) {
            failed(standing, message, thrown);
            return null;
        } finally {
            RUNNING.lazySet(this, null);
            standing.took(ticker.nanos() - began);
        }
    }

    private void failed(Standing standing, Message message, Throwable thrown) {
        failure = standing.name() + " failed: " + thrown;
        countFailure(standing);
        if (standing.isFirstFailure()) {
            LOG.error(
                    "Publish interceptor failed; further failures are counted only (interceptor={},"
                            + " topic={})",
                    standing.name(),
                    message.topic(),
                    thrown);
        }
    }

    private void countFailure(Standing standing) {
        standing.failed.increment();
        counters.interceptorFailures++;
    }

    private static Message annotated(Message message, List<UserProperty> more) {
        if (more.isEmpty()) {
            return message;
        }
        MessageProperties properties = message.properties();
        List<UserProperty> all = new ArrayList<>(properties.userProperties().size() + more.size());
        all.addAll(properties.userProperties());
        all.addAll(more); // the publisher's stay first and in their order [MQTT5-3.3.2-18]
        return new Message(
                message.topic(),
                message.payload(),
                message.qos(),
                message.retain(),
                new MessageProperties(
                        properties.payloadFormatIndicator(),
                        properties.messageExpirySeconds(),
                        properties.contentType(),
                        properties.responseTopic(),
                        properties.correlationData(),
                        List.copyOf(all)),
                message.publisher(),
                message.receivedAt());
    }

    private static @Nullable String joined(@Nullable String one, @Nullable String other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one + "; " + other;
    }

    // ---- for the watch

    /** The interceptor that is being asked, or null. */
    @Nullable Standing running() {
        return running;
    }

    /** How many calls there were, the one that runs included. */
    long call() {
        return call;
    }

    /** Where the loop is at the moment. */
    String trace(int frames) {
        StringBuilder text = new StringBuilder();
        StackTraceElement[] stack = thread.getStackTrace();
        for (int i = 0; i < Math.min(frames, stack.length); i++) {
            text.append("\n\tat ").append(stack[i]);
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return loop.toString();
    }
}
