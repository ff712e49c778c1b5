package io.busbar.web.api;

import io.busbar.api.broker.spi.ClientEvent;
import io.busbar.api.broker.spi.ClientListener;
import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.memory.MemoryArea;
import io.busbar.api.memory.MemoryBudget;
import io.busbar.api.uns.TopicValue;
import io.busbar.api.uns.spi.NamespaceListener;
import io.busbar.api.uns.spi.ValueListener;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.api.config.Settings;
import io.busbar.web.api.endpoint.AuthEndpoint;
import io.busbar.web.api.endpoint.BackupsEndpoint;
import io.busbar.web.api.endpoint.BrokerEndpoint;
import io.busbar.web.api.endpoint.ClientConfigEndpoint;
import io.busbar.web.api.endpoint.ClientsEndpoint;
import io.busbar.web.api.endpoint.ConnectionsEndpoint;
import io.busbar.web.api.endpoint.CredentialsEndpoint;
import io.busbar.web.api.endpoint.EventsEndpoint;
import io.busbar.web.api.endpoint.ExplainEndpoint;
import io.busbar.web.api.endpoint.Exports;
import io.busbar.web.api.endpoint.FreshnessEndpoint;
import io.busbar.web.api.endpoint.HealthEndpoint;
import io.busbar.web.api.endpoint.HttpEndpoint;
import io.busbar.web.api.endpoint.IgnoreRulesEndpoint;
import io.busbar.web.api.endpoint.MemoryEndpoint;
import io.busbar.web.api.endpoint.NamespaceFileEndpoint;
import io.busbar.web.api.endpoint.NodeHistoryEndpoint;
import io.busbar.web.api.endpoint.NodePlacesEndpoint;
import io.busbar.web.api.endpoint.NodesEndpoint;
import io.busbar.web.api.endpoint.OpenApiEndpoint;
import io.busbar.web.api.endpoint.QuarantineEndpoint;
import io.busbar.web.api.endpoint.RejectionsEndpoint;
import io.busbar.web.api.endpoint.SearchEndpoint;
import io.busbar.web.api.endpoint.SessionsEndpoint;
import io.busbar.web.api.endpoint.SetupEndpoint;
import io.busbar.web.api.endpoint.StateEndpoint;
import io.busbar.web.api.endpoint.TemplateMovesEndpoint;
import io.busbar.web.api.endpoint.TemplatesEndpoint;
import io.busbar.web.api.endpoint.TreeEndpoint;
import io.busbar.web.api.endpoint.UnmodeledEndpoint;
import io.busbar.web.api.endpoint.ValuesEndpoint;
import io.busbar.web.api.endpoint.ViolationsEndpoint;
import io.busbar.web.api.live.ChangeWatch;
import io.busbar.web.api.live.LiveEvents;
import io.busbar.web.api.live.LiveStreams;
import io.busbar.web.api.state.ClientRates;
import io.busbar.web.api.state.ClientTraffic;
import io.busbar.web.api.state.ConnectionHistory;
import io.busbar.web.api.state.LiveIds;
import io.busbar.web.api.state.NamespaceRevision;
import io.busbar.web.api.state.StatsSampler;
import io.busbar.web.api.state.TopicRates;
import io.busbar.web.api.view.ClientRows;
import io.busbar.web.api.view.CredentialShapes;
import io.busbar.web.api.view.EndpointList;
import io.busbar.web.api.view.ExplanationShapes;
import io.busbar.web.api.view.NodeShapes;
import io.busbar.web.api.view.RejectionShapes;
import io.busbar.web.api.view.SessionRows;
import io.busbar.web.api.view.StatsShapes;
import io.busbar.web.api.view.TemplateShapes;
import io.busbar.web.api.view.ValueShapes;
import io.busbar.web.api.view.ViolationShapes;
import io.busbar.web.http.HttpCounters;
import io.busbar.web.http.HttpLoad;
import io.busbar.web.http.HttpWing;
import io.busbar.web.http.Idempotency;
import io.busbar.web.http.Router;
import io.busbar.web.session.WebSessions;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;

/**
 * Everything put together by constructor, without a container: the component and the tests begin
 * here.
 */
final class Application implements HttpWing {
    /** Where the API is. */
    static final String PATH = "/api/v1";

    /** How much of the memory what is kept for people who look may take, in percent. */
    private static final int CONSOLE_PART = 25;

    private final List<Consumer<Router>> endpoints;
    private final Listener listener;
    private final LiveStreams live;

    /** What is kept for people who look: what waits for live streams, and what is remembered. */
    private final MemoryAccount account;

    private volatile Settings settings;

    Application(
            Settings settings,
            Backend services,
            WebSessions sessions,
            HttpCounters counters,
            HttpLoad load,
            MemoryBudget memory,
            Clock clock) {
        this.settings = settings;
        this.account = memory.open(MemoryArea.HEAP, "console", CONSOLE_PART, null);

        StatsSampler sampler = new StatsSampler(clock);
        ClientRates clientRates = new ClientRates(clock);
        ConnectionHistory history = new ConnectionHistory(settings.history(), account);
        LiveIds liveIds = new LiveIds(account);
        NamespaceRevision revision = new NamespaceRevision(clock);
        StatsShapes stats = new StatsShapes(services, sampler, clock);
        ClientTraffic traffic = new ClientTraffic(clock, account);
        ClientRows clients = new ClientRows(services, clientRates, history, traffic, clock);
        CredentialShapes credentials = new CredentialShapes(services);
        RejectionShapes rejections = new RejectionShapes(services);
        ValueShapes values = new ValueShapes(services, liveIds, new TopicRates(clock, account));
        NodeShapes nodes = new NodeShapes(services, liveIds, values);
        EndpointList addresses = new EndpointList(services);

        LiveEvents events =
                new LiveEvents(
                        clock,
                        services,
                        revision,
                        liveIds,
                        stats,
                        clients,
                        credentials,
                        rejections,
                        values);
        this.live =
                new LiveStreams(
                        clock,
                        events,
                        revision,
                        liveIds,
                        account,
                        sessions::alive,
                        counters,
                        () -> this.settings.stalledSeconds());
        ChangeWatch watch = new ChangeWatch(services, live, sampler, clientRates, traffic);
        live.everySecond(watch::turn);
        this.listener = new Listener(live, history);

        Exports exports = new Exports(counters, settings.maxExports());
        this.endpoints =
                List.of(
                        new SetupEndpoint(services, sessions, () -> this.settings)::addTo,
                        new AuthEndpoint(services, sessions, counters)::addTo,
                        new HealthEndpoint(services, memory, clock)::addTo,
                        new OpenApiEndpoint()::addTo,
                        new BrokerEndpoint(services, addresses, stats, () -> this.settings, clock)
                                ::addTo,
                        new ClientsEndpoint(services, clients)::addTo,
                        new ConnectionsEndpoint(services, history, clients, clock)::addTo,
                        new SessionsEndpoint(services, new SessionRows(services, clock))::addTo,
                        new RejectionsEndpoint(services, rejections, credentials, live)::addTo,
                        new CredentialsEndpoint(services, credentials, new Idempotency(clock), live)
                                ::addTo,
                        new ClientConfigEndpoint(services, addresses)::addTo,
                        new TreeEndpoint(services, nodes, revision)::addTo,
                        new SearchEndpoint(services, nodes, values)::addTo,
                        new NodesEndpoint(services, nodes)::addTo,
                        new TemplatesEndpoint(services, new TemplateShapes(services))::addTo,
                        new TemplateMovesEndpoint(services)::addTo,
                        new NodePlacesEndpoint(services, nodes)::addTo,
                        new NodeHistoryEndpoint(services, nodes)::addTo,
                        new NamespaceFileEndpoint(services, exports, settings.maxImportBytes())
                                ::addTo,
                        new StateEndpoint(services, exports, settings.maxImportBytes())::addTo,
                        new UnmodeledEndpoint(services, values, nodes)::addTo,
                        new FreshnessEndpoint(services)::addTo,
                        new IgnoreRulesEndpoint(services)::addTo,
                        new ValuesEndpoint(services, values, clock)::addTo,
                        new ExplainEndpoint(
                                        services,
                                        new ExplanationShapes(services, rejections, history, clock),
                                        clock)
                                ::addTo,
                        new ViolationsEndpoint(services, new ViolationShapes(services))::addTo,
                        new QuarantineEndpoint(services, clock)::addTo,
                        new HttpEndpoint(counters, load, live)::addTo,
                        new MemoryEndpoint(memory)::addTo,
                        new BackupsEndpoint(services)::addTo,
                        new EventsEndpoint(live, counters, () -> this.settings)::addTo);
    }

    @Override
    public String path() {
        return PATH;
    }

    @Override
    public void addTo(Router router) {
        router.help("/api/v1/openapi.json lists the paths.");
        endpoints.forEach(endpoint -> endpoint.accept(router));
    }

    /** What broker and namespace tell. */
    Listener listener() {
        return listener;
    }

    void configure(Settings changed) {
        settings = changed;
    }

    void close() {
        live.close();
        account.close();
    }

    /** Hands on what happens; returns at once. */
    static final class Listener implements ClientListener, NamespaceListener, ValueListener {
        private final LiveStreams live;
        private final ConnectionHistory history;

        Listener(LiveStreams live, ConnectionHistory history) {
            this.live = live;
            this.history = history;
        }

        @Override
        public void onEvent(ClientEvent event) {
            history.onEvent(event);
            live.onEvent(event);
        }

        @Override
        public void onChange(String path) {
            live.onChange(path);
        }

        @Override
        public void onValue(TopicValue value) {
            live.onValue(value);
        }

        @Override
        public boolean wants(String topic) {
            return live.wants(topic);
        }
    }
}
