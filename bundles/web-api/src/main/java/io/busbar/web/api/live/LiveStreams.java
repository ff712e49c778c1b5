package io.busbar.web.api.live;

import io.busbar.api.broker.spi.ClientEvent;
import io.busbar.api.broker.spi.ClientListener;
import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.uns.TopicValue;
import io.busbar.api.uns.spi.NamespaceListener;
import io.busbar.api.uns.spi.ValueListener;
import io.busbar.web.api.config.Settings;
import io.busbar.web.api.state.LiveIds;
import io.busbar.web.api.state.NamespaceRevision;
import io.busbar.web.http.HttpCounters;
import io.busbar.web.http.HttpCounters.Cause;
import io.busbar.web.http.ResponseStream;
import io.busbar.web.session.WebSession;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All live streams. Listens to the broker and the namespace and marks what has changed for the
 * streams that watch it. Its own thread sends the changes to the browsers: at once if a stream was
 * silent for {@link #INTERVAL_MILLIS}, otherwise when that time has passed. Values are sent at once
 * if none were sent for {@link #VALUES_MILLIS}, whatever else was. The listening methods return at
 * once and cost almost nothing while nobody watches. Thread-safe.
 */
public final class LiveStreams implements ValueListener, NamespaceListener, ClientListener {
    /** Shortest time between two batches of one stream: five a second. */
    public static final int INTERVAL_MILLIS = 200;

    /**
     * Shortest time between two batches with values: what changes is seen after half of it, and
     * what changes seldom, at once.
     */
    public static final int VALUES_MILLIS = 100;

    /** After so much silence there is a heartbeat. */
    public static final int HEARTBEAT_SECONDS = 15;

    private static final long KEEP_MILLIS = 30_000;
    private static final Logger LOG = LoggerFactory.getLogger(LiveStreams.class);

    private final Clock clock;
    private final LiveEvents events;
    private final NamespaceRevision revision;
    private final LiveIds liveIds;
    private final MemoryAccount account;
    private final Predicate<WebSession> alive;
    private final HttpCounters counters;
    private final IntSupplier stalledSeconds;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, LiveStream> streams = new ConcurrentHashMap<>();

    /** Places that are kept, by user. */
    private final Map<String, Integer> opening = new HashMap<>();

    private final TopicWatchers watchers = new TopicWatchers();
    private final ScheduledExecutorService executor;

    /** How many streams were opened; confined to the streams' thread. */
    private long opened;

    /**
     * Makes the streams and starts their thread.
     *
     * @param account is asked before more waits for a stream
     * @param alive whether a session still counts
     * @param counters told what is refused
     * @param stalledSeconds after which a stream that nobody reads ends
     */
    public LiveStreams(
            Clock clock,
            LiveEvents events,
            NamespaceRevision revision,
            LiveIds liveIds,
            MemoryAccount account,
            Predicate<WebSession> alive,
            HttpCounters counters,
            IntSupplier stalledSeconds) {
        this.clock = clock;
        this.events = events;
        this.revision = revision;
        this.liveIds = liveIds;
        this.account = account;
        this.alive = alive;
        this.counters = counters;
        this.stalledSeconds = stalledSeconds;
        this.executor =
                Executors.newSingleThreadScheduledExecutor(
                        task -> {
                            Thread thread = new Thread(task, "busbar-live");
                            thread.setDaemon(true);
                            thread.setPriority(Thread.MIN_PRIORITY); // below event loops
                            return thread;
                        });
        executor.scheduleAtFixedRate(guarded(this::tick), 1, 1, TimeUnit.SECONDS);
    }

    /** Runs something on the streams' thread once a second, as long as they are open. */
    public void everySecond(Runnable task) {
        executor.scheduleAtFixedRate(guarded(task), 1, 1, TimeUnit.SECONDS);
    }

    /** Ends all streams and the thread. */
    public void close() {
        run(() -> List.copyOf(streams.values()).forEach(this::end));
        executor.shutdown();
        try {
            if (!executor.awaitTermination(2, TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    /** How many streams there are, with or without a reader. */
    public int size() {
        return streams.size();
    }

    /** Whether there is a place for one more stream. */
    public enum Admission {
        ADMITTED,
        TOO_MANY_OF_THE_USER,
        TOO_MANY
    }

    /**
     * Keeps a place for a stream that {@link #open} is to be called for. Who is at a bound loses a
     * stream that nobody reads, else gets no further: nobody can take the places of others.
     *
     * @param lastEventId names the stream that is taken up again and needs no place; may be null
     */
    public Admission admit(WebSession session, @Nullable String lastEventId, Settings limits) {
        synchronized (opening) {
            if (known(session, lastEventId) == null) {
                String user = session.username();
                long ofSession = count(stream -> stream.session == session);
                long ofUser =
                        count(stream -> stream.session.username().equals(user))
                                + opening.getOrDefault(user, 0);
                // A session at its bound ends a stream of its own: see makePlace.
                if (ofSession < limits.maxStreamsPerSession()
                        && ofUser >= limits.maxStreamsPerUser()
                        && !endUnread(stream -> stream.session.username().equals(user))) {
                    return Admission.TOO_MANY_OF_THE_USER;
                }
                int all = opening.values().stream().mapToInt(Integer::intValue).sum();
                if (streams.size() + all >= limits.maxStreams() && !endUnread(stream -> true)) {
                    return Admission.TOO_MANY;
                }
            }
            opening.merge(session.username(), 1, Integer::sum);
            return Admission.ADMITTED;
        }
    }

    private void opened(WebSession session) {
        synchronized (opening) {
            opening.computeIfPresent(
                    session.username(), (user, count) -> count == 1 ? null : count - 1);
        }
    }

    private long count(Predicate<LiveStream> which) {
        return streams.values().stream().filter(which).count();
    }

    private boolean endUnread(Predicate<LiveStream> which) {
        Optional<LiveStream> unread =
                streams.values().stream()
                        .filter(which)
                        .filter(stream -> stream.response == null)
                        .min(Comparator.comparingLong(stream -> stream.leftAtMillis));
        unread.ifPresent(stream -> run(() -> end(stream)));
        return unread.isPresent();
    }

    /** The stream that somebody wants to take up again, if it is his. */
    private @Nullable LiveStream known(WebSession session, @Nullable String lastEventId) {
        int colon = lastEventId == null ? -1 : lastEventId.lastIndexOf(':');
        LiveStream stream = colon > 0 ? streams.get(lastEventId.substring(0, colon)) : null;
        return stream != null && stream.session == session ? stream : null;
    }

    /**
     * Opens a stream that was admitted, or takes one up again.
     *
     * @param filter null for the console's stream
     * @param lastEventId {@code <streamId>:<number>} of the last event the reader saw, or null
     * @param maxPerSession beyond, the session's oldest stream ends
     */
    public void open(
            ResponseStream response,
            WebSession session,
            Set<Channel> channels,
            @Nullable TopicFilter filter,
            @Nullable String lastEventId,
            int maxPerSession) {
        run(
                () -> {
                    opened(session);
                    long seen = 0;
                    LiveStream stream = known(session, lastEventId);
                    if (stream != null && (filter == null) != (stream.filter == null)) {
                        stream = null;
                    }
                    boolean resumed = stream != null;
                    if (stream != null && lastEventId != null) {
                        seen = number(lastEventId.substring(lastEventId.lastIndexOf(':') + 1));
                    }
                    if (stream == null) {
                        makePlace(session, maxPerSession);
                        byte[] bytes = new byte[12];
                        random.nextBytes(bytes);
                        stream =
                                new LiveStream(
                                        HexFormat.of().formatHex(bytes),
                                        session,
                                        filter,
                                        ++opened,
                                        clock.millis(),
                                        account);
                        stream.channels = Set.copyOf(channels);
                        streams.put(stream.id, stream);
                        if (filter != null) {
                            watchers.addFilter(stream);
                        }
                        markAll(stream);
                    }
                    attach(stream, response, resumed, seen);
                });
    }

    private void makePlace(WebSession session, int maxPerSession) {
        List<LiveStream> mine = new ArrayList<>();
        streams.values().stream().filter(stream -> stream.session == session).forEach(mine::add);
        mine.sort(
                Comparator.comparing((LiveStream stream) -> stream.response != null)
                        .thenComparingLong(stream -> stream.order));
        for (int i = 0; i <= mine.size() - maxPerSession; i++) {
            end(mine.get(i));
        }
    }

    private void attach(LiveStream stream, ResponseStream response, boolean resumed, long seen) {
        detach(stream);
        long missing = resumed ? stream.missingAfter(seen) : 0;
        stream.greet(
                events.hello(stream.id, resumed, INTERVAL_MILLIS, HEARTBEAT_SECONDS),
                resumed ? seen : stream.lastNumber());
        if (missing > 0) {
            stream.add("lost", events.lost(missing));
        }
        try {
            stream.response = response;
            response.begin(() -> run(() -> pump(stream)), () -> run(() -> left(stream, response)));
            stream.writtenAtMillis = clock.millis();
            stream.stalledSinceMillis = stream.writtenAtMillis;
            pump(stream);
        } catch (IOException | IllegalStateException e) {
            LOG.debug("Live stream {} could not be opened", stream.id, e);
            left(stream, response);
        }
    }

    private void detach(LiveStream stream) {
        ResponseStream before = stream.response;
        stream.response = null;
        if (before != null) {
            before.close();
        }
    }

    private void left(LiveStream stream, @Nullable ResponseStream response) {
        if (stream.response == response) {
            stream.response = null;
            stream.leftAtMillis = clock.millis();
        }
    }

    /**
     * Changes what a stream is about; null = as it is.
     *
     * @param ids numbers of the topics whose values are wanted; unknown ones are ignored
     * @param detail changes what is wanted whole: its id, or empty for none
     * @param clients the clients whose figures are wanted; of all others it is only told when they
     *     come and go
     * @return whether the session has such a stream
     */
    public boolean watch(
            String streamId,
            WebSession session,
            @Nullable Set<Channel> channels,
            int @Nullable [] ids,
            @Nullable Optional<Integer> detail,
            @Nullable Set<String> clients) {
        LiveStream stream = streams.get(streamId);
        if (stream == null || stream.session != session || stream.filter != null) {
            return false;
        }
        run(
                () -> {
                    if (channels != null) {
                        Set<Channel> added = new HashSet<>(channels);
                        added.removeAll(stream.channels);
                        stream.channels = Set.copyOf(channels);
                        if (added.contains(Channel.STATS)) {
                            stream.stats.set(true);
                        }
                    }
                    if (clients != null) {
                        stream.shownClients = Set.copyOf(clients);
                    }
                    if (ids != null) {
                        watchTopics(stream, ids);
                    }
                    if (detail != null) {
                        String topic = detail.flatMap(liveIds::topicOf).orElse(null);
                        String before = stream.detail;
                        stream.detail = topic;
                        unwatch(stream, before);
                        if (topic != null) {
                            watchers.add(topic, stream);
                            events.value(topic).ifPresent(stream::markTopic);
                        }
                    }
                    pump(stream);
                });
        return true;
    }

    private void watchTopics(LiveStream stream, int[] ids) {
        Map<String, Integer> wanted = new HashMap<>();
        for (int id : ids) {
            liveIds.topicOf(id).ifPresent(topic -> wanted.put(topic, id));
        }
        Set<String> before = Set.copyOf(stream.watched.keySet());
        stream.watched.clear();
        stream.watched.putAll(wanted);
        before.forEach(topic -> unwatch(stream, topic));
        for (String topic : wanted.keySet()) {
            watchers.add(topic, stream);
            if (!before.contains(topic)) {
                events.value(topic).ifPresent(stream::markTopic);
            }
        }
    }

    private void unwatch(LiveStream stream, @Nullable String topic) {
        boolean stillWanted =
                topic != null
                        && !stream.ended
                        && (stream.watched.containsKey(topic) || topic.equals(stream.detail));
        if (topic == null || stillWanted) {
            return;
        }
        watchers.remove(topic, stream);
    }

    // ---- what happens -------------------------------------------------------------------------

    @Override
    public void onValue(TopicValue value) {
        watchers.forEach(
                value,
                stream -> {
                    stream.markTopic(value);
                    wake(stream, stream.valuesAtMillis + VALUES_MILLIS);
                });
    }

    @Override
    public boolean wants(String topic) {
        return watchers.wants(topic);
    }

    @Override
    public void onChange(String path) {
        revision.changed();
        each(
                Channel.NAMESPACE,
                stream -> {
                    if (path.isEmpty()) {
                        stream.reloadNamespace.set(true);
                    } else {
                        LiveStream.mark(stream.paths, path, stream.reloadNamespace);
                    }
                });
    }

    @Override
    public void onEvent(ClientEvent event) {
        if (event instanceof ClientEvent.Connected connected) {
            connectionChanged(connected.client().clientId(), connected.client().principal().id());
        } else if (event instanceof ClientEvent.Disconnected gone) {
            connectionChanged(gone.client().clientId(), gone.client().principal().id());
        } else if (event instanceof ClientEvent.SessionEnded ended) {
            clientChanged(ended.clientId());
        } else if (event instanceof ClientEvent.Refused refused) {
            each(Channel.REJECTIONS, stream -> stream.markRejection(refused.rejection()));
        }
    }

    private void connectionChanged(String clientId, String principalId) {
        clientChanged(clientId);
        credentialChanged(principalId);
        each(Channel.STATS, stream -> stream.stats.set(true));
    }

    /** The figures of a client are others now: told to those who look at it. */
    void figuresChanged(String clientId) {
        each(
                Channel.CLIENTS,
                stream -> {
                    if (stream.shows(clientId)) {
                        LiveStream.mark(stream.clients, clientId, stream.reloadClients);
                    }
                });
    }

    /** The clients whose figures somebody looks at; empty if somebody looks at all. */
    Optional<Set<String>> shownClients() {
        Set<String> all = new HashSet<>();
        for (LiveStream stream : streams.values()) {
            if (stream.wants(Channel.CLIENTS)) {
                Set<String> shown = stream.shownClients;
                if (shown == null) {
                    return Optional.empty();
                }
                all.addAll(shown);
            }
        }
        return Optional.of(all);
    }

    /** A client came or went. */
    public void clientChanged(String clientId) {
        each(
                Channel.CLIENTS,
                stream -> LiveStream.mark(stream.clients, clientId, stream.reloadClients));
    }

    /** A credential's row looks different now, or is gone. */
    public void credentialChanged(String id) {
        each(
                Channel.CREDENTIALS,
                stream -> LiveStream.mark(stream.credentials, id, stream.reloadCredentials));
    }

    /** A rejection is gone from the list. */
    public void rejectionDismissed() {
        each(Channel.REJECTIONS, stream -> stream.reloadRejections.set(true));
    }

    /** The number of unmodelled topics is another one. */
    public void unmodeledChanged() {
        each(Channel.NAMESPACE, stream -> stream.unmodeled.set(true));
    }

    /** New figures can be had. */
    public void statsChanged() {
        each(Channel.STATS, stream -> stream.stats.set(true));
    }

    /** A value is another one without a message having come, e.g. because it is too old now. */
    public void valueAged(TopicValue value) {
        onValue(value);
    }

    /** Whether somebody watches a channel. */
    public boolean watched(Channel channel) {
        for (LiveStream stream : streams.values()) {
            if (stream.wants(channel)) {
                return true;
            }
        }
        return false;
    }

    /** The topics that somebody watches. */
    public Collection<String> watchedTopics() {
        return watchers.topics();
    }

    private void each(Channel channel, Consumer<LiveStream> mark) {
        for (LiveStream stream : streams.values()) {
            if (stream.wants(channel)) {
                mark.accept(stream);
                wake(stream);
            }
        }
    }

    private void markAll(LiveStream stream) {
        if (stream.wants(Channel.STATS)) {
            stream.stats.set(true);
        }
    }

    // ---- telling it ---------------------------------------------------------------------------

    private void wake(LiveStream stream) {
        wake(stream, stream.pumpedAtMillis + INTERVAL_MILLIS);
    }

    /** Has what is marked sent at a time, or before; of what waits already, the earliest counts. */
    private void wake(LiveStream stream, long dueMillis) {
        if (stream.scheduled.compareAndSet(false, true) || dueMillis < stream.dueMillis) {
            stream.dueMillis = dueMillis;
            long delay = Math.max(0, dueMillis - clock.millis());
            try {
                executor.schedule(guarded(() -> pump(stream)), delay, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                LOG.debug("Live streams are closed already");
            }
        }
    }

    private void pump(LiveStream stream) {
        stream.scheduled.set(false);
        ResponseStream response = stream.response;
        if (stream.ended || response == null) {
            return;
        }
        try {
            if (!response.ready()) {
                return;
            }
            if (!alive.test(stream.session)) {
                response.write(stream.bye());
                end(stream);
                return;
            }
            if (events.collect(stream)) {
                stream.valuesAtMillis = clock.millis();
            }
            byte[] bytes = stream.unwritten();
            if (bytes != null) {
                response.write(bytes);
                stream.pumpedAtMillis = clock.millis();
                stream.writtenAtMillis = stream.pumpedAtMillis;
            }
        } catch (IOException e) {
            // The browser has left; it may come back for a while.
            left(stream, response);
            response.close();
        }
    }

    private void tick() {
        long now = clock.millis();
        for (LiveStream stream : List.copyOf(streams.values())) {
            ResponseStream response = stream.response;
            if (!alive.test(stream.session)
                    || response == null && now - stream.leftAtMillis > KEEP_MILLIS) {
                if (response == null) {
                    end(stream);
                } else {
                    bye(stream, response);
                }
            } else if (response != null && stalled(stream, response, now)) {
                counters.count(Cause.STREAM_TOO_SLOW);
                end(stream);
            } else if (response != null
                    && now - stream.writtenAtMillis >= HEARTBEAT_SECONDS * 1000L) {
                heartbeat(stream, response, now);
            }
        }
    }

    /** Whether the browser has taken nothing for too long of what was written. */
    private boolean stalled(LiveStream stream, ResponseStream response, long now) {
        try {
            if (response.ready()) {
                stream.stalledSinceMillis = now;
            }
        } catch (IOException e) {
            LOG.debug("Live stream {} is gone", stream.id, e);
            return true;
        }
        return now - stream.stalledSinceMillis >= stalledSeconds.getAsInt() * 1000L;
    }

    private void heartbeat(LiveStream stream, ResponseStream response, long now) {
        try {
            if (response.ready()) {
                response.write(stream.heartbeat());
                stream.writtenAtMillis = now;
            }
        } catch (IOException e) {
            // The browser has left; it may come back for a while.
            left(stream, response);
            response.close();
        }
    }

    private void bye(LiveStream stream, ResponseStream response) {
        try {
            if (response.ready()) {
                response.write(stream.bye());
            }
        } catch (IOException e) {
            LOG.debug("Live stream {} was gone before its end", stream.id, e);
        }
        end(stream);
    }

    private void end(LiveStream stream) {
        stream.ended = true;
        stream.channels = Set.of();
        streams.remove(stream.id);
        watchers.removeFilter(stream);
        List.copyOf(stream.watched.keySet()).forEach(topic -> unwatch(stream, topic));
        unwatch(stream, stream.detail);
        detach(stream);
        stream.forget();
    }

    private void run(Runnable task) {
        try {
            executor.execute(guarded(task));
        } catch (RejectedExecutionException e) {
            LOG.debug("Live streams are closed already");
        }
    }

    /** A loop that serves many survives the failure of one. */
    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | LinkageError e) {
                LOG.warn("Live streams: a turn failed, the next follows", e);
            }
        };
    }

    private static long number(String text) {
        try {
            return Math.max(0, Long.parseLong(text));
        } catch (NumberFormatException e) {
            // Not one of our ids: everything that is kept follows.
            return 0;
        }
    }
}
