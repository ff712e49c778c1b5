package io.busbar.web.api.backend;

import io.busbar.api.accounts.Accounts;
import io.busbar.api.auth.CredentialService;
import io.busbar.api.auth.spi.Authenticator;
import io.busbar.api.backup.Backups;
import io.busbar.api.broker.Broker;
import io.busbar.api.broker.Clients;
import io.busbar.api.broker.Listeners;
import io.busbar.api.broker.Rejections;
import io.busbar.api.explain.Explanations;
import io.busbar.api.health.spi.HealthCheck;
import io.busbar.api.storage.Documents;
import io.busbar.api.transfer.StateTransfer;
import io.busbar.api.uns.Namespace;
import io.busbar.web.http.Problem;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Gives the endpoints access to the services of the server, which may come and go while it runs. If
 * a service is absent, a plain accessor throws problem 503, which names what is missing; a {@code
 * find…} accessor returns empty. Thread-safe.
 */
@Component(service = Backend.class)
public final class Backend {
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Accounts accounts;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Broker broker;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Clients clients;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Listeners listeners;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Rejections rejections;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Explanations explanations;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable CredentialService credentials;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Namespace namespace;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Documents documents;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Backups backups;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable StateTransfer transfer;

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    final List<Authenticator> authenticators = new CopyOnWriteArrayList<>();

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    final List<HealthCheck> healthChecks = new CopyOnWriteArrayList<>();

    /** Whoever knows whether a part of the server is well. */
    public List<HealthCheck> healthChecks() {
        return healthChecks;
    }

    public Accounts accounts() {
        return require(accounts, "The service for people's accounts", "io.busbar.auth.users");
    }

    public Broker broker() {
        return require(broker, "The broker", "io.busbar.mqtt.broker");
    }

    public Clients clients() {
        return require(clients, "The broker", "io.busbar.mqtt.broker");
    }

    public Rejections rejections() {
        return require(rejections, "The broker", "io.busbar.mqtt.broker");
    }

    public Explanations explanations() {
        return require(explanations, "The broker", "io.busbar.mqtt.broker");
    }

    public Listeners listeners() {
        return require(listeners, "The MQTT transport", "io.busbar.mqtt.transport");
    }

    public CredentialService credentials() {
        return require(
                credentials, "The service for MQTT credentials", "io.busbar.auth.credentials");
    }

    public Namespace namespace() {
        return require(namespace, "The namespace", "io.busbar.uns.registry");
    }

    public Backups backups() {
        return require(backups, "The service for backups", "io.busbar.backup");
    }

    public StateTransfer transfer() {
        return require(transfer, "The service for export and import", "io.busbar.transfer");
    }

    public Optional<Accounts> findAccounts() {
        return Optional.ofNullable(accounts);
    }

    public Optional<Broker> findBroker() {
        return Optional.ofNullable(broker);
    }

    public Optional<Clients> findClients() {
        return Optional.ofNullable(clients);
    }

    public Optional<Listeners> findListeners() {
        return Optional.ofNullable(listeners);
    }

    public Optional<Rejections> findRejections() {
        return Optional.ofNullable(rejections);
    }

    public Optional<CredentialService> findCredentials() {
        return Optional.ofNullable(credentials);
    }

    public Optional<Namespace> findNamespace() {
        return Optional.ofNullable(namespace);
    }

    public Optional<Documents> findDocuments() {
        return Optional.ofNullable(documents);
    }

    /**
     * Whether anybody may connect to MQTT without credentials: a provider of that name is there.
     */
    public boolean anonymousAllowed() {
        return authenticators.stream().anyMatch(a -> a.name().equals("anonymous"));
    }

    /** The providers that are asked who a client is. */
    public List<String> authenticatorNames() {
        return authenticators.stream().map(Authenticator::name).sorted().toList();
    }

    private static <T> T require(@Nullable T service, String what, String bundle) {
        if (service == null) {
            throw Problem.notRunning(what, bundle);
        }
        return service;
    }
}
