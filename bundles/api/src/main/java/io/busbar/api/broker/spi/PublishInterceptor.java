package io.busbar.api.broker.spi;

import io.busbar.api.mqtt.Message;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Checks messages before they are retained and delivered. It may let a message pass, add User
 * Properties to it, divert it or refuse it. Published as a service with the property {@link
 * #TOPIC_FILTER}. The broker asks it only about messages of these topics; messages of other topics
 * cost nothing extra.
 *
 * <p>It sees all messages of its topics: from clients of every MQTT version and QoS, Will Messages,
 * and messages from the server itself, the REST API and the shell. A message of a client has passed
 * the check of its permissions before.
 *
 * <p>A complete example, which refuses payloads that are not numbers:
 *
 * <pre>{@code
 * @Component(property = {
 *     PublishInterceptor.TOPIC_FILTER + "=plant/+/temperature",
 *     PublishInterceptor.BLOCKING + "=false"
 * })
 * public final class NumbersOnly implements PublishInterceptor {
 *     @Override
 *     public PublishVerdict intercept(Message message, PublishOrigin origin) {
 *         String text = new String(message.payload(), StandardCharsets.UTF_8);
 *         return text.matches("-?[0-9]+(\\.[0-9]+)?")
 *                 ? PublishVerdict.PASS
 *                 : PublishVerdict.refuse(ReasonCode.PAYLOAD_FORMAT_INVALID, "expected a number");
 *     }
 * }
 * }</pre>
 *
 * <p><b>Order.</b> Several interceptors are asked in the order of {@code service.ranking}, highest
 * first. Each one sees the message with the User Properties that earlier ones added. The first one
 * that diverts or refuses the message decides; the rest are not asked.
 *
 * <p><b>Threads.</b> Calls may block: the broker makes them on threads of its own, several at the
 * same time, so an implementation must be thread-safe. The connection of the publisher is not read
 * meanwhile, so its messages stay in order; other clients and topics do not notice. An
 * implementation that needs no more than a few microseconds, and no files, networks or locks that
 * are held for long, should say so with the service property {@link #BLOCKING} {@code = false}. It
 * is called on event loops then, which is faster; but while a call runs, all clients of that event
 * loop wait, and the broker cannot interrupt it. If a few messages need more, it answers {@link
 * PublishVerdict#ELSEWHERE} for these and is asked again where it may block.
 *
 * <p><b>Failure.</b> If it throws anything (including errors such as a missing class or a stack
 * overflow) or returns null, {@link #ON_FAILURE} decides about the message: it is refused with 0x83
 * (Implementation specific error) or passes unchecked. Both are counted. The first failure is
 * logged.
 *
 * <p><b>Hanging.</b> If a call that may block does not return within {@code
 * interceptor.timeout.ms}, its thread is interrupted, and {@link #ON_FAILURE} decides about the
 * message. An interceptor may use a quarter of {@code provider.threads}; while calls hang on all of
 * these, it is not asked. If it is called on event loops, the loop that made the call is stuck.
 * After the same time the broker logs where it hangs and reports it in the server's health. From
 * then on, other event loops do not ask it; they treat messages of its topics as {@link
 * #ON_FAILURE} says. After the call has returned, the broker pauses the interceptor for a while,
 * longer each time, and then asks it again.
 *
 * <p><b>Coming and going.</b> When its service goes, messages pass as if it had never existed,
 * unless {@link #ON_ABSENCE} says that they are refused. A call that is already running still
 * counts; one that may block is interrupted, and {@link #ON_FAILURE} decides. When its service
 * properties change, the new values apply from the next message on.
 */
@ConsumerType
public interface PublishInterceptor {
    /**
     * Name of the service property that holds the topic filter or filters: a text or an array of
     * texts. A filter that begins with a wildcard does not match topics that begin with '$'
     * [MQTT5-4.7.2-1].
     */
    String TOPIC_FILTER = "topic.filter";

    /**
     * Name of the service property that says what happens to a message if the interceptor fails or
     * hangs: {@link #REFUSE} (the default) or {@link #PASS}.
     */
    String ON_FAILURE = "on.failure";

    /**
     * Name of the service property that says what happens to messages of its topics when its
     * service has gone: {@link #PASS} (the default) or {@link #REFUSE}. They are refused with 0x83
     * until a service with the same {@code component.name} is there, or the broker starts again;
     * the server's health says so. An interceptor that is not needed any more takes its topics out
     * of {@link #TOPIC_FILTER} before it goes.
     */
    String ON_ABSENCE = "on.absence";

    /**
     * Name of the service property that says whether calls may block: {@code true} (the default) or
     * {@code false}. See above for what that means.
     */
    String BLOCKING = "blocking";

    /** Value of {@link #ON_FAILURE}: messages that cannot be checked are refused. */
    String REFUSE = "refuse";

    /** Value of {@link #ON_FAILURE}: messages that cannot be checked pass. */
    String PASS = "pass";

    /**
     * Checks one message. An empty payload with {@link Message#retain} asks to remove the topic's
     * Retained Message.
     *
     * @param message the message as it would be delivered. It may be kept, but its payload must not
     *     be modified: it is the received array itself, not a copy
     * @param origin how the message came into the broker; the sender is {@link Message#publisher}
     * @return what to do with the message; never null
     */
    PublishVerdict intercept(Message message, PublishOrigin origin);

    /**
     * Checks a message for which {@link #intercept} said {@link PublishVerdict#ELSEWHERE}, on a
     * thread that may block.
     *
     * @return what to do with the message; never null, and not {@link PublishVerdict#ELSEWHERE}
     */
    default PublishVerdict interceptElsewhere(Message message, PublishOrigin origin) {
        return intercept(message, origin);
    }
}
