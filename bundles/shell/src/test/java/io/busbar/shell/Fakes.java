package io.busbar.shell;

import io.busbar.api.audit.Actor;
import io.busbar.api.auth.AclRule;
import io.busbar.api.auth.ClientIdPolicy;
import io.busbar.api.auth.Credential;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeIdentity;
import io.busbar.api.uns.NodeLabels;
import io.busbar.api.uns.NodePayload;
import io.busbar.api.uns.NodePolicy;
import io.busbar.api.uns.NodeStamp;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.TopicType;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;
import org.apache.karaf.shell.api.console.Session;
import org.jspecify.annotations.Nullable;

/** Services of which a test says only what it needs, and a terminal that keeps what is printed. */
final class Fakes {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream console = new PrintStream(printed, true, StandardCharsets.UTF_8);

    final Session session =
            fake(
                    Session.class,
                    (method, arguments) ->
                            switch (method) {
                                case "getConsole" -> console;
                                case "get" -> "USER".equals(arguments[0]) ? "karaf" : null;
                                case "currentDir" -> java.nio.file.Path.of("").toAbsolutePath();
                                default -> throw new UnsupportedOperationException(method);
                            });

    String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    /** An object whose methods answer what the function gives for their name and arguments. */
    static <T> T fake(Class<T> type, BiFunction<String, Object[], @Nullable Object> answers) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) ->
                                answers.apply(
                                        method.getName(),
                                        arguments == null ? new Object[0] : arguments)));
    }

    static Credential credential(String username, boolean enabled) {
        return credential(username, enabled, List.of());
    }

    static Credential credential(String username, boolean enabled, List<AclRule> acl) {
        Instant now = Instant.parse("2026-11-23T08:00:00Z");
        return new Credential(
                "id-" + username,
                "Line 1 gateway",
                "uns-" + username,
                username,
                ClientIdPolicy.EXACT,
                List.of(),
                0,
                acl,
                enabled,
                null,
                List.of(),
                null,
                now,
                "anna",
                now,
                "anna",
                1);
    }

    static Node node(String path, NodeType type) {
        Instant now = Instant.parse("2026-11-23T08:00:00Z");
        String name = path.substring(path.lastIndexOf('/') + 1);
        return new Node(
                new NodeIdentity(
                        UUID.nameUUIDFromBytes(path.getBytes(StandardCharsets.UTF_8)),
                        null,
                        type,
                        name,
                        path,
                        name),
                NodeLabels.NONE,
                type == NodeType.TOPIC
                        ? NodePayload.json(TopicType.METRIC, Model.ANY)
                        : NodePayload.NONE,
                NodePolicy.INHERITED,
                NodeStamp.created(now, Actor.shell("anna")));
    }
}
