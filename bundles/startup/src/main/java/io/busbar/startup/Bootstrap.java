package io.busbar.startup;

import io.busbar.api.auth.NewCredential;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What must exist when the server runs, as the bootstrap file tells it. Immutable.
 *
 * @param admin the administrator, or null if the file names none
 * @param credentials MQTT credentials in the order of the file
 * @param namespace a document that {@code Namespace.ensure} reads, or null if the file has none
 * @param anonymous whether everyone may connect to the loopback listeners
 */
record Bootstrap(
        @Nullable Admin admin,
        List<NewCredential> credentials,
        @Nullable String namespace,
        boolean anonymous) {

    /** Nothing must exist. */
    static final Bootstrap EMPTY = new Bootstrap(null, List.of(), null, false);

    /** Name and password of the administrator. */
    record Admin(String username, String password) {
        @Override
        public String toString() {
            return "Admin[username=" + username + "]";
        }
    }

    Bootstrap {
        credentials = List.copyOf(credentials);
    }

    @Override
    public String toString() {
        return "Bootstrap[admin="
                + admin
                + ", credentials="
                + credentials.size()
                + ", namespace="
                + (namespace != null)
                + ", anonymous="
                + anonymous
                + "]";
    }
}
