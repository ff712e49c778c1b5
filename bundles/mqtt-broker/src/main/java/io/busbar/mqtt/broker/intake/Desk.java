package io.busbar.mqtt.broker.intake;

import io.busbar.api.broker.Rejection;
import io.busbar.api.broker.spi.PublishInterceptor;
import io.busbar.api.broker.spi.PublishOrigin;
import io.busbar.api.broker.spi.PublishVerdict;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.mqtt.UserProperty;
import io.busbar.mqtt.broker.call.CallSite;
import io.busbar.mqtt.broker.call.Calls;
import io.busbar.mqtt.broker.call.NotAskedException;
import io.busbar.mqtt.broker.loop.Counters;
import io.busbar.mqtt.broker.loop.Loop;
import io.busbar.mqtt.broker.loop.Ticker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where one loop asks interceptors; remembers who asked for the topics of late. Confined to the
 * loop.
 */
final class Desk {
    private static final Logger LOG = LoggerFactory.getLogger(Desk.class);

    /** How many topics it remembers, a power of two; one more takes the place of another. */
    private static final int TOPICS = 8_192;

    /** Longer topics are not remembered: they are rare, and this bounds the memory. */
    private static final int MAX_TOPIC_LENGTH = 256;

    private static final String UNCHECKED = "the message could not be checked";

    private final Loop loop;
    private final Counters counters;
    private final Ticker ticker;
    private final Calls calls;
    private final CallSite site;
    private final int timeoutMillis;

    private Table table = Table.EMPTY;
    private final @Nullable TopicName[] topics = new TopicName[TOPICS];
    private final Registration[][] found = new Registration[TOPICS][];
    private @Nullable TopicName lastTopic;
    private Registration[] lastFound = Table.NOBODY;

    /** Why the last one that had no verdict has none, for people. */
    private String failure = "";

    /** Makes the one of a loop, on it. */
    Desk(Loop loop, Ticker ticker, Calls calls, int timeoutMillis) {
        this.loop = loop;
        this.counters = loop.counters();
        this.ticker = ticker;
        this.calls = calls;
        this.site = calls.watch().open();
        this.timeoutMillis = timeoutMillis;
    }

    Judgement judge(Table now, Message message, PublishOrigin origin) {
        Registration[] asked = askedFor(now, message.topic());
        return asked.length == 0
                ? Judgement.Admitted.AS_IT_CAME
                : judge(asked, 0, message, message, null, origin);
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

    /**
     * Asks those from a place in the order on.
     *
     * @param message as it came
     * @param soFar with what those before have added
     * @param reason what they want the publisher to be told, or null
     */
    private Judgement judge(
            Registration[] asked,
            int from,
            Message message,
            Message soFar,
            @Nullable String reason,
            PublishOrigin origin) {
        Message now = soFar;
        String told = reason;
        for (int i = from; i < asked.length; i++) {
            Registration one = asked[i];
            PublishVerdict verdict = one.isOnLoop() ? ask(one, now, origin) : null;
            if (!one.isOnLoop() || verdict instanceof PublishVerdict.Elsewhere) {
                return askElsewhere(asked, i, message, now, told, origin);
            }
            if (verdict instanceof PublishVerdict.Annotate annotate) {
                one.standing().annotated.increment();
                now = annotated(now, annotate.userProperties());
                told = joined(told, annotate.reason());
                continue;
            }
            Judgement end = endOf(one, verdict);
            if (end != null) {
                return end;
            }
        }
        return now == message && told == null
                ? Judgement.Admitted.AS_IT_CAME
                : new Judgement.Admitted(now, told);
    }

    /** What a verdict decides, or null if the next interceptor is asked. */
    private @Nullable Judgement endOf(Registration one, @Nullable PublishVerdict verdict) {
        if (verdict instanceof PublishVerdict.Divert divert) {
            one.standing().diverted.increment();
            counters.diverted++;
            return new Judgement.Diverted(divert.reason());
        }
        if (verdict instanceof PublishVerdict.Refuse refuse) {
            one.standing().refused.increment();
            counters.refused++;
            return new Judgement.Refused(
                    Rejection.Cause.REFUSED_BY_INTERCEPTOR,
                    refuse.code(),
                    refuse.reason(),
                    refuse.reason(),
                    refuse.close());
        }
        if (verdict == null && !one.passes()) {
            counters.refused++;
            return Judgement.Refused.of(Rejection.Cause.INTERCEPTOR_FAILED, UNCHECKED, failure);
        }
        return null;
    }

    /** Asks one that may block; the others follow when it has answered. */
    private Judgement askElsewhere(
            Registration[] asked,
            int place,
            Message message,
            Message soFar,
            @Nullable String reason,
            PublishOrigin origin) {
        Registration one = asked[place];
        Judgement.Pending pending = new Judgement.Pending();
        PublishInterceptor interceptor = one.interceptor();
        if (!one.isOnLoop()) {
            one.standing().asked.increment();
        }
        long began = ticker.nanos();
        one.bulkhead()
                .call(
                        () ->
                                one.isOnLoop()
                                        ? interceptor.interceptElsewhere(soFar, origin)
                                        : interceptor.intercept(soFar, origin),
                        timeoutMillis)
                .answer()
                .whenComplete(
                        (answer, thrown) ->
                                loop.execute(
                                        () -> {
                                            one.standing().took(ticker.nanos() - began);
                                            PublishVerdict verdict =
                                                    answer instanceof PublishVerdict.Elsewhere
                                                            ? null
                                                            : answer;
                                            if (verdict == null) {
                                                noVerdict(one.standing(), soFar, thrown);
                                            }
                                            pending.decide(
                                                    goOn(
                                                            asked, place, message, soFar, reason,
                                                            origin, verdict));
                                        }));
        return pending;
    }

    private Judgement goOn(
            Registration[] asked,
            int place,
            Message message,
            Message soFar,
            @Nullable String reason,
            PublishOrigin origin,
            @Nullable PublishVerdict verdict) {
        Registration one = asked[place];
        if (verdict instanceof PublishVerdict.Annotate annotate) {
            one.standing().annotated.increment();
            return judge(
                    asked,
                    place + 1,
                    message,
                    annotated(soFar, annotate.userProperties()),
                    joined(reason, annotate.reason()),
                    origin);
        }
        Judgement end = endOf(one, verdict);
        return end != null ? end : judge(asked, place + 1, message, soFar, reason, origin);
    }

    private void noVerdict(Standing standing, Message message, @Nullable Throwable thrown) {
        if (thrown instanceof NotAskedException) {
            failure = standing.name() + " " + thrown.getMessage();
            countFailure(standing);
        } else {
            failed(
                    standing,
                    message,
                    thrown == null ? new NullPointerException("verdict") : thrown);
        }
    }

    /** The verdict of one that is asked on the loop, or null if it has none. */
    private @Nullable PublishVerdict ask(Registration one, Message message, PublishOrigin origin) {
        Standing standing = one.standing();
        if (one.isAbsent()) {
            failure = standing.name() + " has gone: see the server's health";
            countFailure(standing);
            return null;
        }
        if (calls.isOut(standing.callee())) {
            failure = standing.name() + " hangs, or hung lately: see the server's health";
            countFailure(standing);
            return null;
        }
        standing.asked.increment();
        long began = ticker.nanos();
        site.enter(standing.callee());
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
            site.leave();
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
}
