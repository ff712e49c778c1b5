package io.busbar.mqtt.broker.explain;

import io.busbar.api.auth.Ruling;
import io.busbar.api.broker.ClientView;
import io.busbar.api.broker.InterceptorView;
import io.busbar.api.broker.Rejections;
import io.busbar.api.explain.Explanation;
import io.busbar.api.explain.Explanation.Basis;
import io.busbar.api.explain.Explanations;
import io.busbar.api.explain.PublishedBy;
import io.busbar.api.explain.Question;
import io.busbar.api.explain.Receiver;
import io.busbar.api.explain.WhatIf;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.broker.delivery.Share;
import io.busbar.mqtt.broker.gate.Rulings;
import io.busbar.mqtt.broker.retained.RetainedMessages;
import io.busbar.mqtt.broker.session.Attached;
import io.busbar.mqtt.broker.session.Session;
import io.busbar.mqtt.broker.session.Sessions;
import io.busbar.mqtt.broker.topic.SubscriptionTree;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers questions from what the broker has at the moment: the tree of subscriptions, the
 * sessions, the Retained Messages, the rights and the list of refusals. Changes none of it.
 * Thread-safe.
 */
public final class Explainer implements Explanations {
    private static final Publisher NOBODY = new Publisher("", "", "", null);

    private final SubscriptionTree tree;
    private final RetainedMessages retained;
    private final Sessions sessions;
    private final Rulings rulings;
    private final Supplier<List<InterceptorView>> interceptors;
    private final Rejections rejections;
    private final Clock clock;

    /**
     * Makes the one of a broker.
     *
     * @param interceptors those who judge messages, in their order
     */
    public Explainer(
            SubscriptionTree tree,
            RetainedMessages retained,
            Sessions sessions,
            Rulings rulings,
            Supplier<List<InterceptorView>> interceptors,
            Rejections rejections,
            Clock clock) {
        this.tree = tree;
        this.retained = retained;
        this.sessions = sessions;
        this.rulings = rulings;
        this.interceptors = interceptors;
        this.rejections = rejections;
        this.clock = clock;
    }

    @Override
    public Explanation explain(Question question) {
        TopicName topic = question.topic();
        Message kept = retained.get(topic);
        Basis basis =
                question.message() != null
                        ? Basis.GIVEN
                        : kept != null ? Basis.RETAINED : Basis.ASSUMED;
        Message message = message(question, kept);
        Access access = new Access(rulings, question.whatIf().access());
        WantedSubscriptions subscriptions =
                new WantedSubscriptions(question.whatIf().subscription());
        Refusals refusals = new Refusals(rejections.list());
        Describer describer = new Describer(topic, access, subscriptions, refusals);
        Judge judge = new Judge(message, access, basis != Basis.ASSUMED);
        Census census = new Census(message, judge, subscriptions);
        census.take(tree.match(topic), changed(question.whatIf()));
        String clientId = question.clientId();
        return new Explanation(
                message,
                basis,
                sender(message, access),
                judges(topic),
                kept,
                census.audience(question.limit(), describer),
                clientId == null
                        ? null
                        : client(clientId, message, judge, subscriptions, describer),
                refusals.about(topic));
    }

    private @Nullable Session changed(WhatIf whatIf) {
        WhatIf.Subscribing wanted = whatIf.subscription();
        return wanted == null ? null : sessions.get(wanted.clientId());
    }

    private Message message(Question question, @Nullable Message kept) {
        Message given = question.message();
        if (given == null) {
            return kept != null
                    ? kept
                    : new Message(
                            question.topic(),
                            new byte[0],
                            Qos.AT_LEAST_ONCE,
                            false,
                            MessageProperties.NONE,
                            NOBODY,
                            clock.millis());
        }
        if (kept == null || kept.receivedAt() != given.receivedAt()) {
            return given;
        }
        // The same one; whoever asks may not know its properties.
        return new Message(
                given.topic(),
                given.payload(),
                given.qos(),
                given.retain(),
                kept.properties(),
                given.publisher(),
                given.receivedAt());
    }

    private PublishedBy sender(Message message, Access access) {
        Publisher publisher = message.publisher();
        Session session =
                publisher.clientId().isEmpty() ? null : sessions.get(publisher.clientId());
        if (session == null || !session.principal().id().equals(publisher.principalId())) {
            return new PublishedBy(publisher, null, false, null);
        }
        Ruling ruling = access.publishing(session, message.topic());
        Attached attached = session.attached();
        ClientView client = attached == null ? null : attached.view();
        return new PublishedBy(
                publisher,
                client,
                client != null && client.address().equals(publisher.address()),
                ruling);
    }

    private List<String> judges(TopicName topic) {
        return interceptors.get().stream()
                .filter(each -> each.filters().stream().anyMatch(one -> matches(one, topic)))
                .map(InterceptorView::name)
                .toList();
    }

    private static boolean matches(String filter, TopicName topic) {
        return TopicFilter.problemOf(filter) == null && TopicFilter.of(filter).matches(topic);
    }

    /** One client: also if so many subscribe that it would not be looked at, or if it does not. */
    private Receiver client(
            String clientId,
            Message message,
            Judge judge,
            WantedSubscriptions subscriptions,
            Describer describer) {
        Session session = sessions.get(clientId);
        if (session == null || session.isEnded()) {
            return describer.nobody(clientId);
        }
        Census alone = new Census(message, judge, subscriptions);
        alone.takeOnly(session, filter -> shareOf(filter, message.topic()));
        Found found = alone.of(session);
        return found == null ? describer.notSubscribed(session) : describer.of(found);
    }

    private @Nullable Share shareOf(String filter, TopicName topic) {
        TopicFilter read = TopicFilter.of(filter);
        return read.isShared() && read.matches(topic) ? tree.share(filter) : null;
    }
}
