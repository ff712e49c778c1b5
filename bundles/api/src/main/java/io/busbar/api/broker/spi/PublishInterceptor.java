package io.busbar.api.broker.spi;

import io.busbar.api.mqtt.Message;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Judges messages before they are retained and delivered: lets them pass, annotates, diverts or
 * refuses them. Published as a service with the property {@link #TOPIC_FILTER}; it is asked for
 * messages of these topics alone, and other topics cost nothing. It sees all messages of its
 * topics: from clients of every version and QoS, Will Messages, and the server's own (REST, shell).
 * They have passed the check of rights before.
 *
 * <p>A whole one, which refuses payloads that are no numbers:
 *
 * <pre>{@code
 * @Component(property = PublishInterceptor.TOPIC_FILTER + "=plant/+/temperature")
 * public final class NumbersOnly implements PublishInterceptor {
 *     @Override
 *     public PublishVerdict intercept(Message message, PublishOrigin origin) {
 *         String text = new String(message.payload(), StandardCharsets.UTF_8);
 *         return text.matches("-?[0-9.]+")
 *                 ? PublishVerdict.PASS
 *                 : PublishVerdict.refuse(ReasonCode.PAYLOAD_FORMAT_INVALID, "expected a number");
 *     }
 * }
 * }</pre>
 *
 * <p><b>Several</b> are asked in the order of {@code service.ranking}, highest first. Each sees the
 * message as those before it annotated it. The first that diverts or refuses has the last word.
 *
 * <p><b>Threads.</b> It is called on event loops, on several at once, and must be thread-safe. It
 * must not block: as long as it runs, no client of that loop is served. Nothing can stop it from
 * outside. A few microseconds are fine; files, networks and locks held for long are not.
 *
 * <p><b>When it fails</b> (throws whatever it may be, a missing class or a stack that overflows
 * included, or returns null), {@link #ON_FAILURE} decides about the message: refused with 0x83
 * (Implementation specific error), or passed on unchecked. Both are counted; the first failure is
 * logged.
 *
 * <p><b>When it hangs</b>, the loop that called it is stuck until it returns. The broker notices
 * after {@code interceptor.timeout.ms}, logs where it hangs and says so in the server's health.
 * Other loops do not ask it from then on: for its topics they do what {@link #ON_FAILURE} says.
 * When it has returned it is left alone for a while, each time for longer, and then asked again.
 *
 * <p><b>When its service goes</b>, messages pass from that moment as if it had never asked for
 * them. A call that is under way still counts. When its properties change, they count from the next
 * message on.
 */
@ConsumerType
public interface PublishInterceptor {
    /**
     * Service property: the topic filter or filters, as text or an array of it. A filter that
     * begins with a wildcard does not match topics that begin with '$' [MQTT5-4.7.2-1].
     */
    String TOPIC_FILTER = "topic.filter";

    /**
     * Service property: what happens to a message if the interceptor fails or hangs. {@link
     * #REFUSE}, the default, or {@link #PASS}.
     */
    String ON_FAILURE = "on.failure";

    /** Value of {@link #ON_FAILURE}: no message gets through unchecked. */
    String REFUSE = "refuse";

    /** Value of {@link #ON_FAILURE}: messages get through unchecked. */
    String PASS = "pass";

    /**
     * Judges a message. An empty payload with {@link Message#retain} is the wish to remove the
     * Retained Message of the topic.
     *
     * @param message as it would be delivered. Its payload is the very array that was received, not
     *     a copy: it must not be modified. The message may be kept.
     * @param origin how it came in; who sent it is in the message
     */
    PublishVerdict intercept(Message message, PublishOrigin origin);
}
