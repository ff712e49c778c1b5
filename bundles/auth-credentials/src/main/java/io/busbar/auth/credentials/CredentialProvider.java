package io.busbar.auth.credentials;

import io.busbar.api.audit.Actor;
import io.busbar.api.auth.ClientIdClaim;
import io.busbar.api.auth.ClientIdOverlap;
import io.busbar.api.auth.ClientIdPolicy;
import io.busbar.api.auth.Credential;
import io.busbar.api.auth.CredentialChange;
import io.busbar.api.auth.CredentialService;
import io.busbar.api.auth.NewCredential;
import io.busbar.api.auth.Principal;
import io.busbar.api.auth.spi.AuthResult;
import io.busbar.api.auth.spi.Authenticator;
import io.busbar.api.auth.spi.ClientIdOwners;
import io.busbar.api.auth.spi.ConnectRequest;
import io.busbar.api.auth.spi.EnhancedAuthenticator;
import io.busbar.api.auth.spi.PasswordHashes;
import io.busbar.api.broker.ClientView;
import io.busbar.api.broker.Clients;
import io.busbar.api.broker.spi.ClientEvent;
import io.busbar.api.broker.spi.ClientListener;
import io.busbar.api.storage.ConflictException;
import io.busbar.api.storage.Documents;
import io.busbar.api.storage.StorageException;
import io.busbar.api.transfer.CredentialState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers the credentials as a service, checks them when a client connects, and applies changes to
 * connected clients.
 *
 * <p>While the document store is absent, logins are refused as unavailable and changes fail with
 * {@link StorageException}. While the password hashes are absent, this applies only to logins and
 * changes that need a hash. Existing connections stay. Thread-safe.
 */
@Component(
        service = {
            CredentialService.class,
            Authenticator.class,
            EnhancedAuthenticator.class,
            ClientIdOwners.class,
            ClientListener.class,
            CredentialState.class
        },
        immediate = true,
        configurationPid = "io.busbar.auth.credentials",
        property = {"service.ranking:Integer=0", Authenticator.BLOCKING + ":Boolean=false"})
@Designate(ocd = CredentialProvider.Config.class)
public final class CredentialProvider
        implements CredentialService,
                Authenticator,
                EnhancedAuthenticator,
                ClientIdOwners,
                ClientListener,
                CredentialState {
    /** The configuration. */
    @ObjectClassDefinition(name = "MQTT credentials")
    public @interface Config {
        @AttributeDefinition(
                description =
                        "Wrong passwords of one address for one user name before it must wait, 1 to"
                                + " 1000",
                min = "1",
                max = "1000")
        int attempts() default 5;

        @AttributeDefinition(
                description =
                        "Wrong passwords of one address for all user names in 15 minutes, 1 to"
                                + " 100000; right passwords do not count, and names that were right"
                                + " from there before need not wait",
                min = "1",
                max = "100000")
        int attempts_per_address() default 100;

        @AttributeDefinition(
                description = "The wait doubles from 1 s up to this many seconds, 1 to 3600",
                min = "1",
                max = "3600")
        int longest_delay_seconds() default 60;

        @AttributeDefinition(
                description =
                        "A password that a person chose, once verified, is known for this many"
                                + " seconds without the slow hash; 0 = never, at most 86400",
                min = "0",
                max = "86400")
        int cache_seconds() default 600;
    }

    private static final Logger LOG = LoggerFactory.getLogger(CredentialProvider.class);
    private static final long EXPIRY_TICK_SECONDS = 5;
    private static final long SEEN_TICK_SECONDS = 30;

    private final Clock clock;
    private final Secrets secrets = new Secrets();
    private final Issuer issuer;
    private final LiveClients live = new LiveClients();

    /** Held also while a change is told to live clients, so that they hear of changes in order. */
    private final ReentrantLock writing = new ReentrantLock();

    private final @Nullable ScheduledExecutorService ticks;
    private volatile CredentialAuthenticator authenticator;
    private volatile @Nullable CredentialStore store;
    private volatile @Nullable Documents documents;
    private volatile @Nullable PasswordHashes hashes;
    private Instant expiredUntil;

    @Activate
    public CredentialProvider(Config config) {
        this(
                settings(config),
                Clock.systemUTC(),
                Executors.newSingleThreadScheduledExecutor(
                        runnable -> {
                            Thread thread = new Thread(runnable, "busbar-credentials");
                            thread.setDaemon(true);
                            return thread;
                        }));
        ScheduledExecutorService executor = Objects.requireNonNull(ticks);
        executor.scheduleWithFixedDelay(
                this::disconnectExpired,
                EXPIRY_TICK_SECONDS,
                EXPIRY_TICK_SECONDS,
                TimeUnit.SECONDS);
        executor.scheduleWithFixedDelay(
                this::writeSeen, SEEN_TICK_SECONDS, SEEN_TICK_SECONDS, TimeUnit.SECONDS);
    }

    /** For tests, which tick themselves. */
    CredentialProvider(Settings settings, Clock clock, @Nullable ScheduledExecutorService ticks) {
        this.clock = clock;
        this.ticks = ticks;
        this.issuer = new Issuer(clock, secrets);
        this.authenticator = new CredentialAuthenticator(clock, settings, secrets);
        this.expiredUntil = clock.instant();
    }

    private static Settings settings(Config config) {
        return new Settings(
                config.attempts(),
                config.attempts_per_address(),
                config.longest_delay_seconds(),
                config.cache_seconds());
    }

    /** Takes new settings without going away; delays that run are forgotten. */
    @Modified
    void modified(Config config) {
        authenticator = new CredentialAuthenticator(clock, settings(config), secrets);
    }

    @Deactivate
    void deactivate() {
        if (ticks != null) {
            ticks.shutdown();
        }
        writeSeen();
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setDocuments(Documents added) {
        writing.lock();
        try {
            documents = added;
            store = null;
            CredentialStore loaded = CredentialStore.load(added, secrets);
            store = loaded;
            LOG.info("MQTT credentials ready (count={})", loaded.all().size());
        } catch (StorageException e) {
            LOG.error(
                    "MQTT credentials cannot be read, all logins with one are refused: {}",
                    e.getMessage(),
                    e);
        } finally {
            writing.unlock();
        }
    }

    void unsetDocuments(Documents removed) {
        writing.lock();
        try {
            if (documents == removed) {
                documents = null;
                store = null;
            }
        } finally {
            writing.unlock();
        }
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setHashes(PasswordHashes added) {
        hashes = added;
    }

    void unsetHashes(PasswordHashes removed) {
        if (hashes == removed) {
            hashes = null;
        }
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setClients(Clients added) {
        live.set(added);
    }

    void unsetClients(Clients removed) {
        live.unset(removed);
    }

    @Override
    public String name() {
        return Entry.PROVIDER;
    }

    @Override
    public CompletionStage<AuthResult> authenticate(ConnectRequest request) {
        CredentialStore current = store;
        if (current == null) {
            return CompletableFuture.completedFuture(
                    new AuthResult.Refused(AuthResult.Cause.UNAVAILABLE, null, null));
        }
        return authenticator.authenticate(current, hashes, request);
    }

    @Override
    public CompletionStage<Void> refused(ConnectRequest request, boolean asked) {
        CredentialStore current = store;
        return current == null
                ? Authenticator.super.refused(request, asked)
                : authenticator.refused(current, hashes, request, asked);
    }

    @Override
    public Duration longestWait() {
        PasswordHashes current = hashes;
        return current == null ? Duration.ZERO : current.longestWait();
    }

    @Override
    public Set<String> methods() {
        return Set.of(ScramExchange.METHOD);
    }

    @Override
    public Exchange begin(ConnectRequest request, String method, @Nullable Principal connected) {
        CredentialStore current = store;
        if (current == null) {
            return data ->
                    CompletableFuture.completedFuture(
                            new Step.Done(
                                    new AuthResult.Refused(
                                            AuthResult.Cause.UNAVAILABLE, null, null),
                                    null));
        }
        return new ScramExchange(current, authenticator, secrets, request);
    }

    @Override
    public void each(Consumer<? super Credential> consumer) {
        CredentialStore current = requireStore();
        for (Entry entry : current.all()) {
            consumer.accept(current.view(entry));
        }
    }

    @Override
    public int count() {
        return requireStore().all().size();
    }

    @Override
    public Optional<Credential> get(String id) {
        CredentialStore current = requireStore();
        return Optional.ofNullable(current.byId(id)).map(current::view);
    }

    /** While the store is absent nobody's claim is known; the owner ends the session later. */
    @Override
    public ClientIdClaim strongest(String clientId) {
        CredentialStore current = store;
        return current == null ? ClientIdClaim.NONE : current.clientIds().strongest(clientId);
    }

    @Override
    public ClientIdClaim claim(String principalId, String clientId) {
        CredentialStore current = store;
        Entry entry = current == null ? null : current.byId(principalId);
        return entry == null || !entry.credential().enabled() || entry.isExpired(clock.instant())
                ? ClientIdClaim.NONE
                : ClientIds.claim(entry, clientId);
    }

    @Override
    public List<Credential> owners(String clientId) {
        CredentialStore current = requireStore();
        return current.clientIds().owners(clientId).stream().map(current::view).toList();
    }

    @Override
    public List<ClientIdOverlap> overlaps(
            ClientIdPolicy policy, String clientId, @Nullable String exceptId) {
        CredentialStore current = requireStore();
        return ClientIds.overlaps(current.all(), policy, clientId, exceptId);
    }

    @Override
    public Created create(NewCredential wanted, Actor actor) {
        Issuer.Draft draft = draft(wanted, actor);
        writing.lock();
        try {
            return write(draft, wanted.allowOverlap(), actor);
        } finally {
            writing.unlock();
        }
    }

    @Override
    public Ensured ensure(NewCredential wanted, Actor actor) {
        if (wanted.password() == null || wanted.username() == null && wanted.clientId() == null) {
            throw new IllegalArgumentException(
                    "credential \""
                            + wanted.description()
                            + "\": a user name or Client Identifier, and a password are needed,"
                            + " because nobody would see generated ones");
        }
        Declared declared = new Declared(wanted);
        Ensured known = declared.known(requireStore());
        if (known != null) {
            return known;
        }
        Issuer.Draft draft = draft(wanted, actor);
        writing.lock();
        try {
            CredentialStore current = requireStore();
            known = declared.known(current);
            if (known != null) {
                return known;
            }
            List<String> taken = declared.taken(current);
            write(draft.without(taken), false, actor);
            return new Ensured(true, declared.leftOut(current, taken));
        } finally {
            writing.unlock();
        }
    }

    /** Outside the lock: a hash may wait for its turn. */
    private Issuer.Draft draft(NewCredential wanted, Actor actor) {
        return issuer.draft(wanted, requireStore().serverKey(), hashes, actor);
    }

    private Created write(Issuer.Draft draft, boolean sharing, Actor actor) {
        CredentialStore current = requireStore();
        Entry entry = current.create(draft.credential(), draft.keys(), sharing);
        LOG.info("MQTT credential made (credential={}, by={})", entry.id(), actor);
        return new Created(current.view(entry), draft.password());
    }

    @Override
    public Credential update(
            String id, long expectedRevision, CredentialChange change, Actor actor) {
        CredentialStore current;
        Entry changed;
        writing.lock();
        try {
            current = requireStore();
            Entry old = requireEntry(current, id);
            if (expectedRevision != 0 && expectedRevision != old.credential().revision()) {
                throw new ConflictException(
                        "The credential was changed meanwhile (revision "
                                + old.credential().revision()
                                + "): look at it again");
            }
            Credential wanted = issuer.changed(old.credential(), change, actor);
            if (wanted == null) {
                return current.view(old);
            }
            changed = current.replace(old, wanted, old.keys(), change.allowOverlap());
            live.changed(old, changed, clock.instant(), actor);
        } finally {
            writing.unlock();
        }
        LOG.info("MQTT credential changed (credential={}, by={})", id, actor);
        return current.view(changed);
    }

    @Override
    public Created resetPassword(String id, Actor actor) {
        String password = secrets.password();
        Keys keys = issuer.keys(requireStore().serverKey(), id, password);
        CredentialStore current;
        Entry entry;
        writing.lock();
        try {
            current = requireStore();
            Entry old = requireEntry(current, id);
            entry = current.replace(old, issuer.touched(old.credential(), actor), keys, true);
            live.passwordReset(id, actor);
        } finally {
            writing.unlock();
        }
        LOG.info("MQTT credential got a new password (credential={}, by={})", id, actor);
        return new Created(current.view(entry), password);
    }

    @Override
    public void delete(String id, Actor actor) {
        writing.lock();
        try {
            CredentialStore current = requireStore();
            current.delete(requireEntry(current, id), actor, issuer.now());
            live.deleted(id, actor);
        } finally {
            writing.unlock();
        }
        LOG.info("MQTT credential deleted (credential={}, by={})", id, actor);
    }

    @Override
    public Iterator<String> credentials() {
        CredentialStore current = requireStore();
        return current.all().stream()
                .map(
                        entry ->
                                MovedCredential.write(
                                        entry,
                                        entry.verifier() instanceof Verifier.Generated generated
                                                ? current.keyOf(generated)
                                                : null))
                .iterator();
    }

    @Override
    public Arrivals arrivals(boolean replace, boolean dryRun, Actor actor) {
        ClientIdClashes clashes = new ClientIdClashes();
        return dryRun
                ? new ForeseenCredentials(this::requireStore, replace, clashes)
                : json -> take(MovedCredential.read(json), replace, clashes, actor);
    }

    private Outcome take(
            MovedCredential moved, boolean replace, ClientIdClashes clashes, Actor actor) {
        Entry old;
        writing.lock();
        try {
            CredentialStore current = requireStore();
            old = current.byId(moved.id());
            if (old != null && !replace) {
                return Outcome.EXISTS;
            }
            clashes.check(moved, current);
            Entry taken = current.take(moved, old);
            clashes.arrived(moved.id(), old);
            if (old != null) {
                if (!old.keys().equals(taken.keys())) {
                    live.passwordReset(moved.id(), actor);
                }
                live.changed(old, taken, clock.instant(), actor);
            }
        } finally {
            writing.unlock();
        }
        LOG.info("MQTT credential imported (credential={}, by={})", moved.id(), actor);
        return old == null ? Outcome.CREATED : Outcome.REPLACED;
    }

    @Override
    public void onEvent(ClientEvent event) {
        CredentialStore current = store;
        if (current == null) {
            return;
        }
        if (event instanceof ClientEvent.Connected connected && isOurs(connected.client())) {
            current.seen(connected.client().principal().id(), connected.at());
            live.connected(
                    connected.client(),
                    current.byId(connected.client().principal().id()),
                    clock.instant());
        } else if (event instanceof ClientEvent.Disconnected disconnected
                && isOurs(disconnected.client())) {
            current.seen(disconnected.client().principal().id(), disconnected.at());
        }
    }

    /** Disconnects the clients of what has expired since the last call. */
    void disconnectExpired() {
        CredentialStore current = store;
        Instant now = clock.instant();
        if (current != null) {
            for (Entry entry : current.all()) {
                if (entry.isExpired(now) && !entry.isExpired(expiredUntil)) {
                    live.expired(entry.id());
                }
            }
            expiredUntil = now;
        }
    }

    /** Writes when credentials were last seen. */
    void writeSeen() {
        CredentialStore current = store;
        if (current != null) {
            try {
                current.writeSeen();
            } catch (StorageException e) {
                LOG.warn(
                        "When credentials were last seen could not be written: {}", e.getMessage());
            }
        }
    }

    private static boolean isOurs(ClientView client) {
        return client.principal().provider().equals(Entry.PROVIDER);
    }

    private CredentialStore requireStore() {
        CredentialStore current = store;
        if (current == null) {
            throw new StorageException(
                    "MQTT credentials are not available: the document store is not running. See the"
                            + " log for why, and start a storage bundle.");
        }
        return current;
    }

    private static Entry requireEntry(CredentialStore store, String id) {
        Entry entry = store.byId(id);
        if (entry == null) {
            throw new NoSuchElementException("credential " + id + " does not exist");
        }
        return entry;
    }
}
