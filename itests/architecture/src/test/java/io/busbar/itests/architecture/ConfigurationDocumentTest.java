package io.busbar.itests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * Keeps {@code docs/configuration.md} equal to the annotations. After a change: {@code ./mvnw -pl
 * itests/architecture test -Dbusbar.docs.update=true}.
 */
class ConfigurationDocumentTest {

    private static final Path DOCUMENT = Path.of("..", "..", "docs", "configuration.md");

    private static final String HEAD =
            """
            # Configuration

            The folder `etc/` of the data folder has one file per subject, named `<PID>.cfg`. Listeners can exist several times; each has a file `<PID>-<name>.cfg`. A change takes effect within two
            seconds, without a restart. Lines that are commented out show the default. `$[env:NAME;default=x]` takes a value from the environment, `$[secret:file]` from a file in `etc/`.

            A line that cannot be used disturbs nobody. If a value is not allowed, the server keeps the last good value of that key (the default if there was none); a key that does not exist is left out. The terminal, `log/busbar.log` and `/api/v1/health/ready` (check `configuration`, status `DEGRADED`) name the file, the key, the value and what is allowed. A new listener file with a value that is not allowed is refused by the listener itself. While the server starts there is no last good value yet: it ends with that one line. A real change of `io.busbar.mqtt.broker.cfg` or `io.busbar.mqtt.loops.cfg` disconnects all clients; a change that changes no value of theirs does not.

            This page is made from the annotations in the code.
            """;

    @Test
    void document_equalsTheAnnotations() throws Exception {
        StringBuilder text = new StringBuilder(HEAD);
        Metatype.read()
                .forEach(
                        (pid, component) -> {
                            text.append("\n## ").append(component.title()).append("\n\n");
                            text.append("`").append(pid);
                            text.append(component.factory() ? "-<name>.cfg`" : ".cfg`");
                            if (!component.description().isEmpty()) {
                                text.append("\n\n").append(component.description());
                            }
                            text.append("\n\n");
                            if (component.keys().isEmpty()) {
                                text.append("No keys: the file's presence switches it on.\n");
                            } else {
                                text.append("| key | default | what it is |\n|---|---|---|\n");
                                component.keys().forEach(key -> row(text, key));
                            }
                        });
        if (Boolean.getBoolean("busbar.docs.update")) {
            Files.writeString(DOCUMENT, text);
        }

        assertThat(DOCUMENT).content().isEqualToNormalizingNewlines(text.toString());
    }

    private static void row(StringBuilder text, Metatype.Key key) {
        text.append("| `").append(key.name()).append("` | ");
        text.append(key.defaultValue().isEmpty() ? "" : "`" + key.defaultValue() + "`");
        text.append(" | ").append(key.description().replace("|", "\\|")).append(" |\n");
    }
}
