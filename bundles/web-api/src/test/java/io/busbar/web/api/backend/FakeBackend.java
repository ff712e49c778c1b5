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
import org.jspecify.annotations.Nullable;

/** Puts services where the container would. */
public final class FakeBackend {
    public final Backend services = new Backend();

    public void accounts(@Nullable Accounts accounts) {
        services.accounts = accounts;
    }

    public void broker(@Nullable Broker broker) {
        services.broker = broker;
    }

    public void clients(@Nullable Clients clients) {
        services.clients = clients;
    }

    public void listeners(@Nullable Listeners listeners) {
        services.listeners = listeners;
    }

    public void rejections(@Nullable Rejections rejections) {
        services.rejections = rejections;
    }

    public void explanations(@Nullable Explanations explanations) {
        services.explanations = explanations;
    }

    public void credentials(@Nullable CredentialService credentials) {
        services.credentials = credentials;
    }

    public void namespace(@Nullable Namespace namespace) {
        services.namespace = namespace;
    }

    public void documents(@Nullable Documents documents) {
        services.documents = documents;
    }

    public void transfer(@Nullable StateTransfer transfer) {
        services.transfer = transfer;
    }

    public void backups(@Nullable Backups backups) {
        services.backups = backups;
    }

    public void healthCheck(HealthCheck check) {
        services.healthChecks.add(check);
    }

    public void authenticator(Authenticator authenticator) {
        services.authenticators.add(authenticator);
    }
}
