package io.busbar.shell;

import io.busbar.api.auth.AclRule;
import io.busbar.api.auth.ClientIdOverlap;
import io.busbar.api.auth.ClientIdPolicy;
import io.busbar.api.auth.Credential;
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

    @Option(
            name = "--allow-overlap",
            description = "Another credential may have the same Client ID")
    boolean allowOverlap;

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
        CredentialService service = need(credentials, "credential service");
        CredentialService.Created created =
                service.create(
                        new NewCredential(
                                description,
                                clientId,
                                null,
                                null,
                                policy(),
                                0,
                                acl.isEmpty() ? null : acl,
                                null,
                                List.of(),
                                List.of(),
                                allowOverlap),
                        actor());
        CredentialCommand.show(out, created);
        Credential made = created.credential();
        if (AclRule.allowEverything(made.acl())) {
            out.println(
                    "It may publish and subscribe to everything. --publish and --subscribe allow"
                            + " less.");
        }
        for (ClientIdOverlap overlap :
                service.overlaps(made.clientIdPolicy(), made.clientId(), made.id())) {
            out.println(warning(overlap));
        }
    }

    private static String warning(ClientIdOverlap overlap) {
        String other =
                "\""
                        + printable(overlap.other().description())
                        + "\" ("
                        + printable(overlap.other().clientId())
                        + ")";
        return switch (overlap.kind()) {
            case EQUAL ->
                    "Overlap: "
                            + other
                            + " has the same Client ID; while a session of one exists, the other"
                            + " is refused.";
            case COVERS -> "Overlap: the Client ID of " + other + " stays its own.";
            case COVERED ->
                    "Overlap: the prefix of "
                            + other
                            + " covers this Client ID, which is refused to it from now on.";
        };
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
