package io.busbar.shell;

import io.busbar.api.auth.AclRule;
import io.busbar.api.auth.ClientIdPolicy;
import io.busbar.api.auth.CredentialService;
import io.busbar.api.auth.NewCredential;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.jspecify.annotations.Nullable;

/** Creates a credential; values that are not given are generated. */
@Service
@Command(
        scope = "edge",
        name = "credential-create",
        description = "Makes a credential and shows its password once")
public final class CreateCredentialCommand extends ShellCommand {
    @Reference(optional = true)
    @Nullable CredentialService credentials;

    @Argument(
            name = "description",
            description = "What the credential is for, e.g. \"Line 1 gateway\"",
            required = true)
    String description = "";

    @Option(name = "--policy", description = "Client IDs it may connect with: EXACT, PREFIX or ANY")
    String policy = "EXACT";

    @Option(name = "--client-id", description = "Client ID; generated if missing")
    @Nullable String clientId;

    @Option(name = "--publish", description = "Topic filter it may publish to", multiValued = true)
    List<String> publish = new ArrayList<>();

    @Option(
            name = "--subscribe",
            description = "Topic filter it may subscribe to",
            multiValued = true)
    List<String> subscribe = new ArrayList<>();

    @Override
    void run(PrintStream out) {
        List<AclRule> acl = new ArrayList<>();
        publish.forEach(
                filter ->
                        acl.add(new AclRule(AclRule.Effect.ALLOW, AclRule.Action.PUBLISH, filter)));
        subscribe.forEach(
                filter ->
                        acl.add(
                                new AclRule(
                                        AclRule.Effect.ALLOW, AclRule.Action.SUBSCRIBE, filter)));
        CredentialCommand.show(
                out,
                need(credentials, "credential service")
                        .create(
                                new NewCredential(
                                        description,
                                        clientId,
                                        null,
                                        null,
                                        policy(),
                                        0,
                                        acl.isEmpty() ? null : acl,
                                        null,
                                        List.of()),
                                actor()));
    }

    private ClientIdPolicy policy() {
        try {
            return ClientIdPolicy.valueOf(policy.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "policy: '" + printable(policy) + "' (expected: EXACT, PREFIX or ANY)", e);
        }
    }
}
