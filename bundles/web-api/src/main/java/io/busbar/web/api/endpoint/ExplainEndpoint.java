package io.busbar.web.api.endpoint;

import io.busbar.api.accounts.Role;
import io.busbar.api.auth.AclRule;
import io.busbar.api.explain.Explanation;
import io.busbar.api.explain.Explanations;
import io.busbar.api.explain.Question;
import io.busbar.api.explain.WhatIf;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.SubscriptionRecord;
import io.busbar.api.uns.Contract;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.Namespace;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.TopicValue;
import io.busbar.api.uns.ValidationMode;
import io.busbar.json.FieldError;
import io.busbar.json.JsonFields;
import io.busbar.json.TextProblem;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.api.view.ExplanationShapes;
import io.busbar.web.api.view.ExplanationShapes.Told;
import io.busbar.web.http.Answer;
import io.busbar.web.http.Problem;
import io.busbar.web.http.ProblemType;
import io.busbar.web.http.Request;
import io.busbar.web.http.Router;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code /namespace/explain}: why a message came where it came, why a client does not get it, and
 * what would be if something were changed.
 */
public final class ExplainEndpoint {
    private static final int MAX_TOPIC = 65_535;

    private final Backend services;
    private final ExplanationShapes shapes;
    private final Clock clock;

    public ExplainEndpoint(Backend services, ExplanationShapes shapes, Clock clock) {
        this.services = services;
        this.shapes = shapes;
        this.clock = clock;
    }

    public void addTo(Router router) {
        router.add("GET", "/namespace/explain", Role.VIEWER, this::explain)
                .add("POST", "/namespace/explain:what-if", Role.VIEWER, this::whatIf);
    }

    private Answer explain(Request request) {
        String asked = request.requiredQuery("topic");
        String problem = TopicName.problemOf(asked);
        if (problem != null) {
            throw Problem.validation(FieldError.parameter("topic", "pattern", "topic " + problem));
        }
        int limit = request.queryInteger("limit", 0, Explanations.MOST_LISTED, 50);
        Topic topic = topic(asked);
        Question question =
                new Question(
                        topic.name(),
                        topic.message(),
                        request.query("client").orElse(null),
                        limit,
                        WhatIf.NOTHING);
        return Answer.ok(shapes.toJson(told(topic, question, null, null)));
    }

    private Answer whatIf(Request request) {
        JsonFields body = request.body();
        String asked = body.text("topic", 1, MAX_TOPIC, text -> problem(TopicName.problemOf(text)));
        String clientId = body.optText("client", 1, MAX_TOPIC);
        Given given = body.optObject("message", ExplainEndpoint::given);
        WhatIf.Access access = body.optObject("access", ExplainEndpoint::access);
        WhatIf.Subscribing subscribing =
                body.optObject("subscription", ExplainEndpoint::subscribing);
        ValidationMode mode = body.optChoice("validation", ValidationMode.class);
        Model model =
                body.has("model") ? ModelBody.opt(body, services.namespace().templates()) : null;
        body.finish();
        Topic topic = topic(asked).with(given, clock.millis());
        Question question =
                new Question(
                        topic.name(),
                        topic.message(),
                        clientId,
                        Explanations.MOST_LISTED,
                        WhatIf.NOTHING);
        try {
            Told now = told(topic, question, null, null);
            Told then = told(topic, question.as(new WhatIf(access, subscribing)), model, mode);
            return Answer.ok(shapes.compared(now, then));
        } catch (IllegalStateException unforeseen) {
            throw Problem.of(ProblemType.NOT_APPLICABLE, unforeseen.getMessage());
        }
    }

    private Told told(
            Topic topic, Question question, @Nullable Model model, @Nullable ValidationMode mode) {
        Explanation explanation = services.explanations().explain(question);
        Contract contract =
                services.findNamespace()
                        .map(
                                namespace ->
                                        namespace
                                                .contracts()
                                                .judge(explanation.message(), model, mode))
                        .orElse(null);
        return new Told(topic.name().value(), explanation, topic.value(), contract);
    }

    // ---- what is asked about

    /**
     * A topic with what came last.
     *
     * @param value null if nothing is known of it
     * @param message null if nothing has come, or it is not known
     */
    private record Topic(TopicName name, @Nullable TopicValue value, @Nullable Message message) {
        /** The same with a message that somebody thinks of. */
        Topic with(@Nullable Given given, long now) {
            if (given == null) {
                return this;
            }
            Message thoughtOf =
                    new Message(
                            name,
                            given.payload == null
                                    ? message == null ? new byte[0] : message.payload()
                                    : given.payload.getBytes(StandardCharsets.UTF_8),
                            given.qos != null
                                    ? Qos.of(given.qos)
                                    : message == null ? Qos.AT_LEAST_ONCE : message.qos(),
                            given.retain != null
                                    ? given.retain
                                    : message != null && message.retain(),
                            MessageProperties.NONE,
                            message == null ? new Publisher("", "", "", null) : message.publisher(),
                            now);
            return new Topic(name, value, thoughtOf);
        }
    }

    /** The topic itself, or that of the node with this path. */
    private Topic topic(String asked) {
        Optional<Namespace> namespace = services.findNamespace();
        String topic =
                namespace
                        .flatMap(all -> all.byPath(asked))
                        .filter(node -> node.type() == NodeType.TOPIC)
                        .map(Node::topic)
                        .orElse(asked);
        TopicName name = TopicName.of(topic);
        TopicValue value = namespace.flatMap(all -> all.value(topic)).orElse(null);
        return new Topic(name, value, value == null ? null : value.lastMessage());
    }

    // ---- what is taken as given

    private record Given(
            @Nullable String payload, @Nullable Integer qos, @Nullable Boolean retain) {}

    private static Given given(JsonFields body) {
        return new Given(
                body.optText("payload", 0, Integer.MAX_VALUE),
                body.optInteger("qos", 0, 2),
                body.optBoolean("retain"));
    }

    private static WhatIf.Access access(JsonFields body) {
        String id = body.text("credentialId", 1, MAX_TOPIC);
        List<AclRule> acl = CredentialsEndpoint.rules(body);
        if (acl == null) {
            body.error("acl", FieldError.REQUIRED, "acl is missing (expected: a list of rules)");
        }
        return new WhatIf.Access(id, acl == null ? List.of() : acl);
    }

    private static WhatIf.Subscribing subscribing(JsonFields body) {
        String clientId = body.text("clientId", 1, MAX_TOPIC);
        SubscriptionRecord added = body.optObject("add", ExplainEndpoint::added);
        String removed = body.optText("remove", 1, MAX_TOPIC);
        return new WhatIf.Subscribing(clientId, added, removed);
    }

    private static SubscriptionRecord added(JsonFields body) {
        String filter = body.text("filter", 1, MAX_TOPIC, ExplainEndpoint::problemOfFilter);
        Integer qos = body.optInteger("qos", 0, 2);
        Boolean noLocal = body.optBoolean("noLocal");
        return new SubscriptionRecord(
                filter, Qos.of(qos == null ? 0 : qos), Boolean.TRUE.equals(noLocal), false, 0, 0);
    }

    private static @Nullable TextProblem problemOfFilter(String filter) {
        String problem = TopicFilter.problemOf(filter);
        return problem(
                problem == null && TopicFilter.of(filter).isShared()
                        ? "is a Shared Subscription, whose turn nobody can foresee"
                        : problem);
    }

    private static @Nullable TextProblem problem(@Nullable String text) {
        return text == null ? null : TextProblem.of(text);
    }
}
