package io.busbar.web.api;

import io.busbar.api.audit.Actor;
import io.busbar.api.auth.AclRule;
import io.busbar.api.auth.ClientIdClaim;
import io.busbar.api.auth.ClientIdOverlap;
import io.busbar.api.auth.ClientIdPolicy;
import io.busbar.api.auth.Credential;
import io.busbar.api.auth.CredentialChange;
import io.busbar.api.auth.CredentialService;
import io.busbar.api.auth.NewCredential;
import io.busbar.api.auth.Principal;
import io.busbar.api.broker.Broker;
import io.busbar.api.broker.BrokerInfo;
import io.busbar.api.broker.BrokerStats;
import io.busbar.api.broker.ClientView;
import io.busbar.api.broker.Clients;
import io.busbar.api.broker.InterceptorView;
import io.busbar.api.broker.ProviderView;
import io.busbar.api.broker.PublishResult;
import io.busbar.api.broker.Rejection;
import io.busbar.api.broker.Rejections;
import io.busbar.api.broker.SessionView;
import io.busbar.api.broker.Transport;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.ConflictException;
import io.busbar.api.storage.SubscriptionRecord;
import io.busbar.api.uns.BranchConversion;
import io.busbar.api.uns.Contract;
import io.busbar.api.uns.Contracts;
import io.busbar.api.uns.ConversionReport;
import io.busbar.api.uns.EffectivePolicy;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.FieldWidening;
import io.busbar.api.uns.IgnoreRule;
import io.busbar.api.uns.ImportProblem;
import io.busbar.api.uns.ImportResult;
import io.busbar.api.uns.Inherited;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.ModelProposal;
import io.busbar.api.uns.Namespace;
import io.busbar.api.uns.NamespaceExport;
import io.busbar.api.uns.NamespaceFullException;
import io.busbar.api.uns.NamespaceStats;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeChange;
import io.busbar.api.uns.NodeDifference;
import io.busbar.api.uns.NodeHistory;
import io.busbar.api.uns.NodeIdentity;
import io.busbar.api.uns.NodeLabels;
import io.busbar.api.uns.NodeMove;
import io.busbar.api.uns.NodePayload;
import io.busbar.api.uns.NodePolicy;
import io.busbar.api.uns.NodeStamp;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.NodeVersion;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.Quality;
import io.busbar.api.uns.Quarantine;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.RecycleBin;
import io.busbar.api.uns.SearchHit;
import io.busbar.api.uns.SearchQuery;
import io.busbar.api.uns.SearchResult;
import io.busbar.api.uns.StaleTopic;
import io.busbar.api.uns.Templates;
import io.busbar.api.uns.TextSource;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.TopicValue;
import io.busbar.api.uns.TopicViolations;
import io.busbar.api.uns.UnknownFields;
import io.busbar.api.uns.UnmodeledBranch;
import io.busbar.api.uns.UnmodeledChanges;
import io.busbar.api.uns.UnmodeledCluster;
import io.busbar.api.uns.UnmodeledLevel;
import io.busbar.api.uns.UnmodeledTopic;
import io.busbar.api.uns.ViolatedTopic;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Services by hand: as simple as their contracts allow. */
final class Fakes {
    static final Instant T0 = Instant.parse("2026-11-24T08:00:00Z");

    private Fakes() {}

    static ClientView client(String clientId, Principal principal) {
        return client(clientId, principal, 5);
    }

    static ClientView client(String clientId, Principal principal, long messagesIn) {
        return new ClientView(
                clientId,
                principal,
                "127.0.0.1:50000",
                "tcp",
                Transport.TCP,
                ProtocolVersion.MQTT_5_0,
                60,
                true,
                0,
                1,
                messagesIn,
                7,
                100,
                200,
                0,
                0,
                T0,
                T0);
    }

    /** A session that waits for its client. */
    static SessionView waiting(String clientId, String principalId, boolean reserved, long queued) {
        return new SessionView(
                clientId,
                principalId,
                "user",
                reserved,
                false,
                2,
                queued,
                queued * 10,
                60,
                T0,
                T0,
                T0.plusSeconds(60));
    }

    static Principal principal(Credential credential) {
        return new Principal(
                credential.id(),
                "credentials",
                credential.username(),
                credential.description(),
                credential.acl(),
                0);
    }

    static TopicValue value(String topic, @Nullable UUID nodeId, String payload, long messages) {
        return new TopicValue(
                topic,
                nodeId,
                PayloadFormat.JSON,
                List.of(new io.busbar.api.uns.FieldValue("v", payload, Quality.GOOD, T0)),
                Quality.GOOD,
                null,
                ("{\"v\":" + payload + "}").getBytes(java.nio.charset.StandardCharsets.UTF_8),
                T0,
                T0,
                io.busbar.api.mqtt.Publisher.SERVER,
                io.busbar.api.mqtt.Qos.AT_MOST_ONCE,
                false,
                messages,
                0,
                0,
                null,
                0,
                null,
                true);
    }

    static final class FakeCredentials implements CredentialService {
        final Map<String, Credential> byId = new LinkedHashMap<>();
        private int made;

        @Override
        public synchronized void each(Consumer<? super Credential> consumer) {
            List.copyOf(byId.values()).forEach(consumer);
        }

        @Override
        public synchronized int count() {
            return byId.size();
        }

        @Override
        public synchronized Optional<Credential> get(String id) {
            return Optional.ofNullable(byId.get(id));
        }

        @Override
        public synchronized List<Credential> owners(String clientId) {
            return byId.values().stream()
                    .filter(c -> !c.claim(clientId).equals(ClientIdClaim.NONE))
                    .toList();
        }

        @Override
        public synchronized List<ClientIdOverlap> overlaps(
                ClientIdPolicy policy, String clientId, @Nullable String exceptId) {
            return byId.values().stream()
                    .filter(c -> !c.id().equals(exceptId))
                    .filter(c -> policy.accepts(clientId, c.clientId()))
                    .map(
                            c ->
                                    new ClientIdOverlap(
                                            c,
                                            c.clientId().equals(clientId)
                                                    ? ClientIdOverlap.Kind.EQUAL
                                                    : ClientIdOverlap.Kind.COVERS))
                    .toList();
        }

        @Override
        public synchronized Created create(NewCredential wanted, Actor actor) {
            made++;
            String clientId =
                    wanted.clientId() != null
                            ? wanted.clientId()
                            : "unsabcdefghij" + String.format("%02d", made);
            if (!wanted.allowOverlap()
                    && byId.values().stream().anyMatch(c -> c.clientId().equals(clientId))) {
                throw new ConflictException("clientId: '" + clientId + "' exists already");
            }
            Credential credential =
                    new Credential(
                            "c" + made,
                            wanted.description(),
                            clientId,
                            "uabcdefghij" + made,
                            wanted.clientIdPolicy() == null
                                    ? ClientIdPolicy.EXACT
                                    : wanted.clientIdPolicy(),
                            wanted.otherClientIds(),
                            wanted.maxConnections(),
                            wanted.acl() == null ? List.of(AclRule.ALLOW_ALL) : wanted.acl(),
                            true,
                            wanted.expiresAt(),
                            wanted.allowedNetworks(),
                            null,
                            T0.plusSeconds(made),
                            actor.name(),
                            T0.plusSeconds(made),
                            actor.name(),
                            1);
            byId.put(credential.id(), credential);
            return new Created(credential, "secret" + made);
        }

        @Override
        public Ensured ensure(NewCredential wanted, Actor actor) {
            return Ensured.NOTHING_TO_DO;
        }

        @Override
        public synchronized Credential update(
                String id, long expectedRevision, CredentialChange change, Actor actor) {
            Credential c =
                    get(id).orElseThrow(() -> new NoSuchElementException("credential " + id));
            Credential changed =
                    new Credential(
                            c.id(),
                            change.description() == null ? c.description() : change.description(),
                            change.clientId() == null ? c.clientId() : change.clientId(),
                            c.username(),
                            change.clientIdPolicy() == null
                                    ? c.clientIdPolicy()
                                    : change.clientIdPolicy(),
                            change.otherClientIds() == null
                                    ? c.otherClientIds()
                                    : change.otherClientIds(),
                            c.maxConnections(),
                            change.acl() == null ? c.acl() : change.acl(),
                            change.enabled() == null ? c.enabled() : change.enabled(),
                            c.expiresAt(),
                            c.allowedNetworks(),
                            c.lastSeenAt(),
                            c.createdAt(),
                            c.createdBy(),
                            T0,
                            actor.name(),
                            c.revision() + 1);
            byId.put(id, changed);
            return changed;
        }

        @Override
        public synchronized Created resetPassword(String id, Actor actor) {
            return new Created(update(id, 0, CredentialChange.enabled(true), actor), "another");
        }

        @Override
        public synchronized void delete(String id, Actor actor) {
            byId.remove(id);
        }
    }

    /** Broker and rejections in one, and a view of it as clients. */
    static final class FakeBroker implements Broker, Rejections {
        final Map<String, ClientView> online = new ConcurrentHashMap<>();
        final List<SessionView> waiting = new CopyOnWriteArrayList<>();
        final List<Rejection> rejections = new CopyOnWriteArrayList<>();
        final List<Message> published = new CopyOnWriteArrayList<>();

        final List<Message> retained = new CopyOnWriteArrayList<>();

        final List<InterceptorView> interceptors = new CopyOnWriteArrayList<>();
        PublishResult answer = PublishResult.of(ReasonCode.SUCCESS);

        /** Answers instead, if it is there. */
        volatile @Nullable CompletionStage<PublishResult> answerLater;

        /** Who disconnected clients. */
        final List<Actor> actors = new CopyOnWriteArrayList<>();

        @Override
        public CompletionStage<PublishResult> publish(Message message) {
            published.add(message);
            CompletionStage<PublishResult> later = answerLater;
            return later == null ? CompletableFuture.completedFuture(answer) : later;
        }

        @Override
        public BrokerInfo info() {
            return new BrokerInfo("0.1.0", T0, "memory");
        }

        @Override
        public BrokerStats stats() {
            BrokerStats none = BrokerStats.NONE;
            BrokerStats.Flow publishes = new BrokerStats.Flow(published.size(), 0);
            BrokerStats.Traffic traffic = none.traffic();
            return new BrokerStats(
                    new BrokerStats.Connections(online.size(), 0, 0, 0, 0),
                    new BrokerStats.Sessions(online.size(), 0, 0),
                    none.subscriptions(),
                    none.messages(),
                    new BrokerStats.Traffic(
                            traffic.packets(), publishes, traffic.payloadBytes(), traffic.bytes()),
                    none.losses(),
                    none.interception(),
                    new BrokerStats.Store(4096));
        }

        @Override
        public List<ProviderView> providers() {
            return interceptors.stream().map(InterceptorView::provider).toList();
        }

        @Override
        public List<InterceptorView> interceptors() {
            return interceptors;
        }

        @Override
        public Optional<Message> retained(TopicName topic) {
            return retained.stream().filter(each -> each.topic().equals(topic)).findFirst();
        }

        @Override
        public List<Message> retained(TopicFilter filter, int limit) {
            return List.of();
        }

        public Optional<ClientView> get(String clientId) {
            return Optional.ofNullable(online.get(clientId));
        }

        public List<SessionView> sessions() {
            List<SessionView> sessions = new ArrayList<>(waiting);
            online.values().forEach(client -> sessions.add(sessionOf(client)));
            return sessions;
        }

        private static SessionView sessionOf(ClientView client) {
            return new SessionView(
                    client.clientId(),
                    client.principal().id(),
                    client.principal().username(),
                    false,
                    true,
                    client.subscriptions(),
                    0,
                    0,
                    client.sessionExpirySeconds(),
                    T0,
                    null,
                    null);
        }

        public List<SubscriptionRecord> subscriptions(String clientId) {
            return List.of();
        }

        public Optional<SessionView> session(String clientId) {
            return waiting.stream()
                    .filter(session -> session.clientId().equals(clientId))
                    .findFirst();
        }

        public boolean endSession(String clientId, Actor actor) {
            actors.add(actor);
            return waiting.removeIf(session -> session.clientId().equals(clientId));
        }

        public boolean disconnect(String clientId, Actor actor) {
            actors.add(actor);
            return online.remove(clientId) != null;
        }

        @Override
        public boolean dismiss(long id, Actor actor) {
            return rejections.removeIf(rejection -> rejection.id() == id);
        }

        @Override
        public long total() {
            return rejections.size();
        }

        /**
         * A type of its own: some methods of {@link Clients} and {@link Rejections} differ in
         * nothing but what they return.
         */
        Clients clients() {
            FakeBroker broker = this;
            return new Clients() {
                @Override
                public void each(Consumer<? super ClientView> consumer) {
                    List.copyOf(broker.online.values()).forEach(consumer);
                }

                @Override
                public Optional<ClientView> get(String clientId) {
                    return broker.get(clientId);
                }

                @Override
                public void eachSession(Consumer<? super SessionView> consumer) {
                    broker.sessions().forEach(consumer);
                }

                @Override
                public Optional<SessionView> session(String clientId) {
                    return broker.session(clientId);
                }

                @Override
                public boolean endSession(String clientId, String text, Actor actor) {
                    return broker.endSession(clientId, actor);
                }

                @Override
                public List<SubscriptionRecord> subscriptions(String clientId) {
                    return broker.subscriptions(clientId);
                }

                @Override
                public boolean disconnect(
                        String clientId, ReasonCode reason, String text, Actor actor) {
                    return broker.disconnect(clientId, actor);
                }

                @Override
                public int disconnectAll(
                        String principalId,
                        ReasonCode reason,
                        String text,
                        boolean endSessions,
                        Actor actor) {
                    return 0;
                }

                @Override
                public void update(Principal principal, Actor actor) {}
            };
        }

        @Override
        public List<Rejection> list() {
            return List.copyOf(rejections);
        }
    }

    /** Nodes in a map, values as they are put. */
    static final class FakeNamespace implements Namespace {
        final Map<UUID, Node> nodes = new ConcurrentHashMap<>();
        final Map<String, TopicValue> values = new ConcurrentHashMap<>();

        @Override
        public Optional<Node> get(UUID id) {
            return Optional.ofNullable(nodes.get(id));
        }

        @Override
        public Optional<Node> byPath(String path) {
            return nodes.values().stream().filter(node -> node.path().equals(path)).findFirst();
        }

        @Override
        public Optional<Node> byTopic(String topic) {
            return nodes.values().stream()
                    .filter(node -> node.type() == NodeType.TOPIC && node.topic().equals(topic))
                    .findFirst();
        }

        @Override
        public List<Node> withWireTopic() {
            return nodes.values().stream()
                    .filter(node -> node.payload().wireTopic() != null)
                    .toList();
        }

        @Override
        public Optional<Node> byAlias(String alias) {
            return nodes.values().stream()
                    .filter(node -> node.identity().alias().equals(alias))
                    .findFirst();
        }

        @Override
        public List<Node> children(@Nullable UUID parentId) {
            return nodes.values().stream()
                    .filter(node -> java.util.Objects.equals(node.identity().parentId(), parentId))
                    .sorted(Comparator.comparing(Node::type).thenComparing(Node::name))
                    .toList();
        }

        @Override
        public List<Node> children(@Nullable UUID parentId, int from, int limit) {
            return children(parentId).stream().skip(from).limit(limit).toList();
        }

        @Override
        public int childCount(@Nullable UUID parentId) {
            return children(parentId).size();
        }

        @Override
        public int indexOf(UUID id) {
            Node node = nodes.get(id);
            return node == null ? -1 : children(node.identity().parentId()).indexOf(node);
        }

        @Override
        public EffectivePolicy policyOf(UUID id) {
            Node node = nodes.get(id);
            if (node == null) {
                return EffectivePolicy.DEFAULT;
            }
            UUID parent = node.identity().parentId();
            EffectivePolicy above = parent == null ? EffectivePolicy.DEFAULT : policyOf(parent);
            NodePolicy own = node.policy();
            return new EffectivePolicy(
                    nearest(own.validation(), node, above.validation()),
                    nearest(own.enableHistory(), node, above.enableHistory()),
                    nearest(own.staleAfterSeconds(), node, above.staleAfterSeconds()),
                    nearest(own.writable(), node, above.writable()),
                    nearest(own.timeZone(), node, above.timeZone()),
                    nearest(own.topicPolicy(), node, above.topicPolicy()),
                    nearest(own.maxPayloadBytes(), node, above.maxPayloadBytes()),
                    nearest(own.maxMessagesPerSecond(), node, above.maxMessagesPerSecond()),
                    nearest(own.closeOnReject(), node, above.closeOnReject()));
        }

        private static <T extends @Nullable Object> Inherited<T> nearest(
                @Nullable T own, Node node, Inherited<T> above) {
            return own == null ? above : new Inherited<>(own, node.path());
        }

        @Override
        public long topicsBelow(UUID id) {
            Node above = nodes.get(id);
            return nodes.values().stream()
                    .filter(
                            node ->
                                    node.type() == NodeType.TOPIC
                                            && (node.id().equals(id)
                                                    || node.path().startsWith(above.path() + "/")))
                    .count();
        }

        @Override
        public SearchResult search(SearchQuery query) {
            List<SearchHit> hits = new ArrayList<>();
            for (Node node : nodes.values()) {
                if (node.path().contains(query.text())) {
                    hits.add(new SearchHit(node.path(), node, SearchHit.Matched.PATH, null, null));
                }
            }
            for (TopicValue value : unmodeled("", Integer.MAX_VALUE)) {
                if (value.topic().contains(query.text())) {
                    hits.add(new SearchHit(value.topic(), null, SearchHit.Matched.VALUE, "v", "1"));
                }
            }
            return new SearchResult(
                    hits.stream().limit(query.limit()).toList(), hits.size() > query.limit());
        }

        /** Whether there is no room for more. */
        boolean full;

        /** Makes a node below another one. */
        void put(int parent, int child) {
            UUID above = new UUID(1, parent);
            nodes.putIfAbsent(above, path(above, null, "p" + parent, "p" + parent));
            UUID id = new UUID(2 + parent, child);
            nodes.put(id, path(id, above, "c" + child, "p" + parent + "/c" + child));
        }

        private static Node path(UUID id, @Nullable UUID parent, String name, String path) {
            return new Node(
                    new NodeIdentity(id, parent, NodeType.PATH, name, path, "a" + id),
                    NodeLabels.NONE,
                    NodePayload.NONE,
                    NodePolicy.INHERITED,
                    NodeStamp.created(T0, Actor.SERVER));
        }

        @Override
        public Node create(NewNode wanted, Actor actor) {
            if (full) {
                throw new NamespaceFullException(nodes.size());
            }
            String parent = wanted.parentPath();
            UUID parentId =
                    parent.isEmpty()
                            ? null
                            : byPath(parent)
                                    .map(Node::id)
                                    .orElseGet(() -> path(parent, actor).id());
            String path = parent.isEmpty() ? wanted.name() : parent + "/" + wanted.name();
            if (byPath(path).isPresent()) {
                throw new ConflictException("path: '" + path + "' exists already");
            }
            Node node =
                    new Node(
                            new NodeIdentity(
                                    UUID.randomUUID(),
                                    parentId,
                                    wanted.type(),
                                    wanted.name(),
                                    path,
                                    "a" + nodes.size()),
                            wanted.labels(),
                            wanted.payload(),
                            wanted.policy(),
                            NodeStamp.created(T0, actor));
            nodes.put(node.id(), node);
            return node;
        }

        private Node path(String path, Actor actor) {
            int slash = path.lastIndexOf('/');
            return create(
                    NewNode.path(
                            slash < 0 ? "" : path.substring(0, slash), path.substring(slash + 1)),
                    actor);
        }

        @Override
        public Node update(UUID id, long expectedRevision, NodeChange change, Actor actor) {
            Node before = nodes.get(id);
            Node changed =
                    change.applyTo(before)
                            .withStamp(
                                    before.stamp()
                                            .updated(T0, actor)
                                            .withRevision(before.revision() + 1));
            nodes.put(id, changed);
            return changed;
        }

        @Override
        public Node move(UUID id, long expectedRevision, NodeMove move, Actor actor) {
            Node before = nodes.get(id);
            String name = move.name() == null ? before.name() : move.name();
            String path = move.parentPath().isEmpty() ? name : move.parentPath() + "/" + name;
            if (byPath(path).isPresent()) {
                throw new ConflictException("path: '" + path + "' exists already");
            }
            UUID parentId =
                    move.parentPath().isEmpty()
                            ? null
                            : byPath(move.parentPath()).map(Node::id).orElseThrow();
            Node moved =
                    before.withIdentity(before.identity().withPlace(parentId, path))
                            .withPayload(
                                    move.keepTopics()
                                            ? before.payload().withWireTopic(before.topic())
                                            : before.payload())
                            .withStamp(
                                    before.stamp()
                                            .updated(T0, actor)
                                            .withRevision(before.revision() + 1));
            nodes.put(id, moved);
            return moved;
        }

        @Override
        public Node copy(UUID id, String parentPath, String name, Actor actor) {
            Node from = nodes.get(id);
            return create(
                    new NewNode(
                            parentPath,
                            from.type(),
                            name,
                            null,
                            from.labels(),
                            from.payload(),
                            from.policy()),
                    actor);
        }

        final FakeRecycleBin recycleBin = new FakeRecycleBin(this);

        @Override
        public RecycleBin recycleBin() {
            return recycleBin;
        }

        @Override
        public NodeHistory history() {
            return new NodeHistory() {
                @Override
                public List<NodeVersion> of(UUID id) {
                    NodeStamp stamp = nodes.get(id).stamp();
                    List<NodeVersion> versions = new ArrayList<>();
                    for (long each = stamp.revision(); each > 0; each--) {
                        versions.add(
                                new NodeVersion(
                                        each,
                                        T0,
                                        stamp.updatedBy(),
                                        List.of(new NodeDifference("description", null, "d"))));
                    }
                    return versions;
                }

                @Override
                public Node putBack(UUID id, long expectedRevision, long revision, Actor actor) {
                    return update(
                            id,
                            expectedRevision,
                            NodeChange.ofLabels(
                                    labels ->
                                            new NodeLabels(
                                                    "as of " + revision,
                                                    null,
                                                    List.of(),
                                                    Map.of(),
                                                    null)),
                            actor);
                }
            };
        }

        @Override
        public void delete(UUID id, long expectedRevision, Actor actor) {
            recycleBin.put(nodes.get(id), actor);
            deleteForGood(id, expectedRevision, actor);
        }

        @Override
        public void deleteForGood(UUID id, long expectedRevision, Actor actor) {
            String path = nodes.get(id).path();
            nodes.values()
                    .removeIf(
                            node -> node.path().equals(path) || node.path().startsWith(path + "/"));
        }

        @Override
        public ImportResult importJson(TextSource document, boolean dryRun, Actor actor)
                throws IOException {
            StringWriter text = new StringWriter();
            try (Reader in = document.open()) {
                in.transferTo(text);
            }
            String json = text.toString();
            if (!json.startsWith("{")) {
                return new ImportResult(
                        0,
                        0,
                        0,
                        0,
                        List.of(new ImportProblem("", "", 0, "no JSON", null)),
                        0,
                        true,
                        List.of(),
                        0);
            }
            boolean bad = json.contains("bad");
            return new ImportResult(
                    bad ? 0 : 2,
                    0,
                    0,
                    0,
                    bad
                            ? List.of(
                                    new ImportProblem(
                                            "/namespace/0",
                                            "a",
                                            3,
                                            "name: is empty",
                                            Reason.of(Reason.Code.NAME_EMPTY, "at", "name")))
                            : List.of(),
                    bad ? 7 : 0,
                    false,
                    List.of(new ImportProblem("/namespace/0", "a", 3, "not kept: mockData", null)),
                    2);
        }

        @Override
        public ImportResult ensure(TextSource document, boolean dryRun, Actor actor)
                throws IOException {
            return importJson(document, dryRun, actor);
        }

        /** What an export writes, piece by piece. */
        List<String> exported = List.of("{\"namespace\":", "[]}");

        @Override
        public NamespaceExport export(@Nullable UUID id) {
            Iterator<String> pieces = exported.iterator();
            return to -> {
                if (!pieces.hasNext()) {
                    return false;
                }
                to.write(pieces.next());
                return true;
            };
        }

        @Override
        public List<PayloadFormat> formats() {
            return PayloadFormat.BUILT_IN;
        }

        @Override
        public ModelProposal propose(String jsonSample) {
            Model model = new Model(List.of(Field.of("v", FieldType.DOUBLE)), UnknownFields.ALLOW);
            return new ModelProposal(
                    PayloadFormat.JSON,
                    model,
                    1,
                    List.of("\"ts\" is read as the source time."),
                    List.of(Reason.of(Reason.Code.PROPOSED_TIME, "found", "ts")));
        }

        @Override
        public ModelProposal proposeFor(String topic) {
            return propose(topic);
        }

        @Override
        public List<FieldWidening> widenings(String topic) {
            Field narrow = Field.of("v", FieldType.INTEGER);
            return List.of(
                    new FieldWidening(
                            narrow,
                            narrow.withType(FieldType.DOUBLE, false, false),
                            16,
                            4,
                            List.of("20.5")));
        }

        @Override
        public Optional<TopicValue> value(String topic) {
            return Optional.ofNullable(values.get(topic));
        }

        /** What is wrong with topics, as it is put. */
        final Map<String, TopicViolations> violations = new ConcurrentHashMap<>();

        @Override
        public Optional<TopicViolations> violations(String topic) {
            return Optional.of(violations.getOrDefault(topic, TopicViolations.NONE));
        }

        @Override
        public List<TopicValue> violating(int limit) {
            return values.values().stream()
                    .filter(value -> value.violationsInARow() > 0)
                    .limit(limit)
                    .toList();
        }

        final List<StaleTopic> stale = new ArrayList<>();

        @Override
        public List<StaleTopic> stale() {
            return List.copyOf(stale);
        }

        @Override
        public int staleCount() {
            return stale.size();
        }

        final FakeQuarantine quarantine = new FakeQuarantine();

        /** What is said of messages. */
        Contract.Verdict verdict = Contract.Verdict.FITS;

        /** The model and the mode that somebody asked for last. */
        final List<Object> askedFor = new ArrayList<>();

        @Override
        public Contracts contracts() {
            return (message, model, mode) -> {
                if (model != null) {
                    askedFor.add(model);
                }
                if (mode != null) {
                    askedFor.add(mode);
                }
                Node node = byTopic(message.topic().value()).orElse(null);
                EffectivePolicy policy =
                        node == null ? EffectivePolicy.DEFAULT : policyOf(node.id());
                return new Contract(
                        node, policy.validation(), policy.topicPolicy(), verdict, null, "");
            };
        }

        @Override
        public Quarantine quarantine() {
            return quarantine;
        }

        final FakeTemplates templates = new FakeTemplates();

        @Override
        public Templates templates() {
            return templates;
        }

        @Override
        public void resetViolations(String topic, Actor actor) {
            violations.remove(topic);
        }

        @Override
        public List<UnmodeledTopic> unmodeledTopics() {
            return unmodeled("", 1000).stream()
                    .map(
                            value ->
                                    new UnmodeledTopic(
                                            value.topic(),
                                            value.receivedAt() == null ? T0 : value.receivedAt(),
                                            value.messages()))
                    .toList();
        }

        @Override
        public List<UnmodeledCluster> unmodeledClusters(int limit) {
            List<String> topics = unmodeledTopics().stream().map(UnmodeledTopic::topic).toList();
            return topics.isEmpty()
                    ? List.of()
                    : List.of(
                            new UnmodeledCluster(
                                    PayloadFormat.JSON,
                                    List.of("v"),
                                    0,
                                    topics.size(),
                                    List.of("Line 1 gateway"),
                                    List.of(new UnmodeledCluster.Branch("free", topics.size())),
                                    topics.stream()
                                            .limit(UnmodeledCluster.MOST_EXAMPLES)
                                            .toList()));
        }

        @Override
        public UnmodeledBranch unmodeledBranch(String under, @Nullable String after, int limit) {
            List<UnmodeledLevel> levels =
                    unmodeledTopics().stream()
                            .filter(each -> each.topic().startsWith(under))
                            .filter(each -> each.topic().indexOf('/', under.length()) < 0)
                            .map(
                                    each ->
                                            new UnmodeledLevel(
                                                    each.topic().substring(under.length()),
                                                    each.topic(),
                                                    1,
                                                    each))
                            .filter(each -> after == null || each.name().compareTo(after) > 0)
                            .sorted(Comparator.comparing(UnmodeledLevel::name))
                            .toList();
            return new UnmodeledBranch(
                    levels.stream().limit(limit).toList(), levels.size() > limit);
        }

        @Override
        public Optional<UnmodeledLevel> unmodeledLevel(String under, String name) {
            return unmodeledBranch(under, null, Integer.MAX_VALUE).levels().stream()
                    .filter(each -> each.name().equals(name))
                    .findFirst();
        }

        /** What the next question for changes is told. */
        volatile UnmodeledChanges unmodeledChanges = new UnmodeledChanges(7, true, List.of());

        @Override
        public UnmodeledChanges unmodeledChanges(long since) {
            return unmodeledChanges;
        }

        @Override
        public List<ViolatedTopic> violated(int limit) {
            return violations.entrySet().stream()
                    .map(
                            each ->
                                    new ViolatedTopic(
                                            each.getKey(),
                                            byTopic(each.getKey()).orElseThrow().id(),
                                            each.getValue()))
                    .limit(limit)
                    .toList();
        }

        @Override
        public List<TopicValue> unmodeled(String prefix, int limit) {
            return values.values().stream().filter(v -> v.nodeId() == null).limit(limit).toList();
        }

        @Override
        public Node convert(
                String topic, String path, TopicType topicType, Model model, Actor actor) {
            int slash = path.lastIndexOf('/');
            NewNode wanted =
                    NewNode.topic(
                            slash < 0 ? "" : path.substring(0, slash),
                            path.substring(slash + 1),
                            topicType,
                            model);
            return create(
                    path.equals(topic)
                            ? wanted
                            : wanted.withPayload(wanted.payload().withWireTopic(topic)),
                    actor);
        }

        @Override
        public ConversionReport convert(BranchConversion wanted, boolean dryRun, Actor actor) {
            List<ConversionReport.Row> rows =
                    unmodeledTopics().stream()
                            .filter(each -> each.topic().startsWith(wanted.branch()))
                            .map(
                                    each ->
                                            new ConversionReport.Row(
                                                    each.topic(),
                                                    wanted.path(),
                                                    1,
                                                    null,
                                                    null,
                                                    null))
                            .toList();
            return new ConversionReport(rows, rows.size());
        }

        final List<IgnoreRule> ignored = new CopyOnWriteArrayList<>();

        @Override
        public List<IgnoreRule> ignoreRules() {
            return ignored;
        }

        @Override
        public IgnoreRule ignore(String filter, Actor actor) {
            IgnoreRule rule =
                    new IgnoreRule(new UUID(7, ignored.size()), filter, T0, actor.name(), 0);
            ignored.add(rule);
            return rule;
        }

        @Override
        public void removeIgnoreRule(UUID id) {
            if (!ignored.removeIf(each -> each.id().equals(id))) {
                throw new NoSuchElementException("id: " + id + " (no such rule)");
            }
        }

        @Override
        public List<ProviderView> providers() {
            return List.of();
        }

        @Override
        public NamespaceStats stats() {
            return new NamespaceStats(
                    0,
                    nodes.size(),
                    1_000_000,
                    0,
                    unmodeled("", 1000).size(),
                    0,
                    0,
                    0,
                    0,
                    violating(1000).size(),
                    0,
                    0);
        }
    }
}
