package io.busbar.web.api;

import io.busbar.api.broker.spi.ClientEvent;
import io.busbar.api.broker.spi.ClientListener;
import io.busbar.api.uns.TopicValue;
import io.busbar.api.uns.spi.NamespaceListener;
import io.busbar.api.uns.spi.ValueListener;
import io.busbar.web.api.config.Settings;
import io.busbar.web.api.endpoint.AuthEndpoint;
import io.busbar.web.api.endpoint.BrokerEndpoint;
import io.busbar.web.api.endpoint.ClientConfigEndpoint;
import io.busbar.web.api.endpoint.ClientsEndpoint;
import io.busbar.web.api.endpoint.CredentialsEndpoint;
import io.busbar.web.api.endpoint.EventsEndpoint;
import io.busbar.web.api.endpoint.HealthEndpoint;
import io.busbar.web.api.endpoint.Idempotency;
import io.busbar.web.api.endpoint.NamespaceFileEndpoint;
import io.busbar.web.api.endpoint.NodesEndpoint;
import io.busbar.web.api.endpoint.OpenApiEndpoint;
import io.busbar.web.api.endpoint.RejectionsEndpoint;
import io.busbar.web.api.endpoint.SessionCookie;
import io.busbar.web.api.endpoint.SetupEndpoint;
import io.busbar.web.api.endpoint.TreeEndpoint;
import io.busbar.web.api.endpoint.UnmodeledEndpoint;
import io.busbar.web.api.endpoint.ValuesEndpoint;
import io.busbar.web.api.http.Router;
import io.busbar.web.api.live.ChangeWatch;
import io.busbar.web.api.live.LiveEvents;
import io.busbar.web.api.live.LiveStreams;
import io.busbar.web.api.rate.ClientRates;
import io.busbar.web.api.rate.StatsSampler;
import io.busbar.web.api.rate.TopicRates;
import io.busbar.web.api.service.Services;
import io.busbar.web.api.session.Sessions;
import io.busbar.web.api.view.ClientRows;
import io.busbar.web.api.view.CredentialShapes;
import io.busbar.web.api.view.EndpointList;
import io.busbar.web.api.view.LastSeen;
import io.busbar.web.api.view.LiveIds;
import io.busbar.web.api.view.NodeShapes;
import io.busbar.web.api.view.RejectionShapes;
import io.busbar.web.api.view.StatsShapes;
import io.busbar.web.api.view.ValueShapes;
import java.time.Clock;

/**
 * Everything put together by constructor, without a container: the component and the tests begin
 * here.
 */
final class Application {
    private final ApiServlet servlet;
    private final HostFilter hostFilter;
    private final Listener listener;
    private final LiveStreams live;
    private final Router router = new Router();
    private volatile Settings settings;

    Application(Settings settings, Services services, Clock clock) {
        this.settings = settings;
        Sessions sessions = new Sessions(clock, () -> this.settings.sessions());
        SessionCookie cookie = new SessionCookie(sessions, services, () -> this.settings);

        StatsSampler sampler = new StatsSampler(clock);
        ClientRates clientRates = new ClientRates(clock);
        LastSeen lastSeen = new LastSeen();
        LiveIds liveIds = new LiveIds();
        StatsShapes stats = new StatsShapes(services, sampler, clock);
        ClientRows clients = new ClientRows(services, clientRates, lastSeen);
        CredentialShapes credentials = new CredentialShapes(services);
        RejectionShapes rejections = new RejectionShapes(services);
        ValueShapes values = new ValueShapes(services, liveIds, new TopicRates(clock));
        NodeShapes nodes = new NodeShapes(services, liveIds, values);
        EndpointList endpoints = new EndpointList(services);

        LiveEvents events =
                new LiveEvents(
                        clock, services, liveIds, stats, clients, credentials, rejections, values);
        this.live = new LiveStreams(clock, events, liveIds, sessions::alive);
        ChangeWatch watch = new ChangeWatch(services, live, sampler, clientRates);
        live.everySecond(watch::turn);
        live.everySecond(sessions::sweep);
        this.listener = new Listener(live, lastSeen);

        new SetupEndpoint(services, sessions, cookie, () -> this.settings).addTo(router);
        new AuthEndpoint(services, sessions, cookie).addTo(router);
        new HealthEndpoint(services).addTo(router);
        new OpenApiEndpoint().addTo(router);
        new BrokerEndpoint(services, endpoints, stats, () -> this.settings, clock).addTo(router);
        new ClientsEndpoint(services, clients).addTo(router);
        new RejectionsEndpoint(services, rejections, credentials, live).addTo(router);
        new CredentialsEndpoint(services, credentials, new Idempotency(clock), live).addTo(router);
        new ClientConfigEndpoint(services, endpoints).addTo(router);
        new TreeEndpoint(services, nodes, events).addTo(router);
        new NodesEndpoint(services, nodes).addTo(router);
        new NamespaceFileEndpoint(services, settings.maxImportBytes()).addTo(router);
        new UnmodeledEndpoint(services, values, nodes).addTo(router);
        new ValuesEndpoint(services, values, clock).addTo(router);
        new EventsEndpoint(live, () -> this.settings).addTo(router);
        this.servlet = new ApiServlet(router, services, sessions, cookie);
        this.hostFilter = new HostFilter(() -> this.settings);
    }

    ApiServlet servlet() {
        return servlet;
    }

    /** What every request over HTTP passes first. */
    HostFilter hostFilter() {
        return hostFilter;
    }

    /** What broker and namespace tell. */
    Listener listener() {
        return listener;
    }

    Router router() {
        return router;
    }

    void configure(Settings changed) {
        settings = changed;
    }

    void close() {
        live.close();
    }

    /** Hands on what happens; returns at once. */
    static final class Listener implements ClientListener, NamespaceListener, ValueListener {
        private final LiveStreams live;
        private final LastSeen lastSeen;

        Listener(LiveStreams live, LastSeen lastSeen) {
            this.live = live;
            this.lastSeen = lastSeen;
        }

        @Override
        public void onEvent(ClientEvent event) {
            lastSeen.onEvent(event);
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
