package io.busbar.uns.registry.gate;

import io.busbar.api.broker.spi.PublishInterceptor;
import io.busbar.api.broker.spi.PublishOrigin;
import io.busbar.api.broker.spi.PublishVerdict;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.UserProperty;
import io.busbar.api.uns.TopicPolicy;
import io.busbar.api.uns.ValidationMode;
import io.busbar.api.uns.Violation;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Holds messages against the models of their topics before they are delivered. There is one for
 * each {@link Lane}; messages of other lanes pass. Thread-safe.
 */
final class Gate implements PublishInterceptor {
    /** Whether a message fits its model; also if it does not, with {@link #VIOLATION}. */
    static final String VALID = "uns-valid";

    /** What is wrong with a message. */
    static final String VIOLATION = "uns-violation";

    private static final Set<String> OWN_NAMES = Set.of(VALID, VIOLATION);

    private static final PublishVerdict FITS =
            PublishVerdict.annotate(List.of(new UserProperty(VALID, "true")), null);

    /**
     * Nobody has checked the message. What its publisher says goes on with it [MQTT5-3.3.2-17], so
     * the server says so behind it: the last one counts.
     */
    private static final PublishVerdict UNCHECKED =
            PublishVerdict.annotate(List.of(new UserProperty(VALID, "unknown")), null);

    private final Lane lane;
    private final Function<String, @Nullable Guard> guards;
    private final Refusals refusals;
    private final Looks looks = new Looks();

    private final Supplier<Plan> plan;

    /**
     * Makes the gate of a lane that reads payloads.
     *
     * @param guards what is asked of the messages of a topic
     * @param plan what else is asked of topics, at this moment
     */
    Gate(
            Lane lane,
            Function<String, @Nullable Guard> guards,
            Refusals refusals,
            Supplier<Plan> plan) {
        this.lane = lane;
        this.guards = guards;
        this.refusals = refusals;
        this.plan = plan;
    }

    /** Whether it takes the Retained Message away [MQTT5-3.3.1-6]: no value. */
    static boolean isRemoval(Message message) {
        return message.retain() && message.payload().length == 0;
    }

    @Override
    public PublishVerdict intercept(Message message, PublishOrigin origin) {
        if (isRemoval(message)) {
            return PublishVerdict.PASS;
        }
        String topic = message.topic().value();
        Guard guard = guards.apply(topic);
        if (guard == null) {
            return lane == Lane.REFUSING ? unmodeled(topic) : unannotated(message);
        }
        if (!lane.isOf(guard)) {
            return PublishVerdict.PASS;
        }
        return guard.isForeign()
                ? PublishVerdict.ELSEWHERE
                : judge(guard, message, (held, what, wrong) -> PublishVerdict.ELSEWHERE);
    }

    @Override
    public PublishVerdict interceptElsewhere(Message message, PublishOrigin origin) {
        Guard guard = guards.apply(message.topic().value());
        // Its policy may have changed meanwhile.
        return guard == null || !lane.isOf(guard)
                ? PublishVerdict.PASS
                : judge(guard, message, this::hold);
    }

    private PublishVerdict judge(Guard guard, Message message, Hold hold) {
        if (guard.isUnreadable()) {
            return guard.refuses() ? unchecked(guard.reader().missing()) : unread(guard, message);
        }
        Violation wrong = examine(guard, message);
        if (guard.mode() == ValidationMode.ANNOTATE) {
            return wrong == null ? FITS : annotate(guard, wrong, "");
        }
        if (wrong == null || !guard.keeps(wrong)) {
            return PublishVerdict.PASS;
        }
        return guard.refuses() ? refuse(guard, message, wrong) : hold.hold(guard, message, wrong);
    }

    /** What becomes of messages that are held back. */
    private interface Hold {
        PublishVerdict hold(Guard guard, Message message, Violation wrong);
    }

    private PublishVerdict hold(Guard guard, Message message, Violation wrong) {
        long revision = guard.node().revision();
        return refusals.hold(message, wrong, revision)
                ? PublishVerdict.divert("held back: " + GateReason.of(wrong, revision))
                : annotate(guard, wrong, "there is no room to hold it back, it is delivered: ");
    }

    private @Nullable Violation examine(Guard guard, Message message) {
        Look look = looks.take();
        Violation wrong = guard.examine(message, look);
        looks.give(look);
        return wrong;
    }

    private PublishVerdict refuse(Guard guard, Message message, Violation wrong) {
        refusals.refused(message, wrong);
        return new PublishVerdict.Refuse(
                ReasonCode.PAYLOAD_FORMAT_INVALID,
                GateReason.of(wrong, guard.node().revision()),
                guard.closes());
    }

    private static PublishVerdict annotate(Guard guard, Violation wrong, String why) {
        return PublishVerdict.annotate(
                List.of(
                        new UserProperty(VALID, "false"),
                        new UserProperty(VIOLATION, GateReason.of(wrong))),
                why + GateReason.of(wrong, guard.node().revision()));
    }

    private static PublishVerdict unchecked(String why) {
        return PublishVerdict.refuse(
                ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, "the payload cannot be checked: " + why);
    }

    /** A message that nobody can read. */
    private static PublishVerdict unread(Guard guard, Message message) {
        return guard.mode() == ValidationMode.ANNOTATE && isForged(message)
                ? UNCHECKED
                : PublishVerdict.PASS;
    }

    /** A message of a topic without a model. */
    private PublishVerdict unannotated(Message message) {
        return isForged(message) && plan.get().annotates(message.topic().value())
                ? UNCHECKED
                : PublishVerdict.PASS;
    }

    /** Whether the publisher says something under the names of the server. */
    private static boolean isForged(Message message) {
        for (UserProperty each : message.properties().userProperties()) {
            if (OWN_NAMES.contains(each.name())) {
                return true;
            }
        }
        return false;
    }

    private PublishVerdict unmodeled(String topic) {
        Plan.Said said = plan.get().policyOf(topic);
        return said.policy() != TopicPolicy.DENY || refusals.isModeled(topic)
                ? PublishVerdict.PASS
                : PublishVerdict.refuse(ReasonCode.TOPIC_NAME_INVALID, denied(said));
    }

    private static String denied(Plan.Said said) {
        return "the topic has no model, and "
                + (said.path() == null ? "the server" : "'" + said.path() + "'")
                + " denies such topics";
    }
}
