package io.busbar.shell;

import io.busbar.api.accounts.Accounts;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** Creates a one-time link for the first setup. Earlier links stop working. */
@Service
@Command(
        scope = "edge",
        name = "setup-link",
        description = "Makes a new one-time link to set up the first administrator")
public final class SetupLinkCommand extends ShellCommand {
    private static final String HTTP_RUNTIME =
            "org.osgi.service.servlet.runtime.HttpServiceRuntime";
    private static final String ENDPOINT = "osgi.http.endpoint";

    @Reference(optional = true)
    @Nullable Accounts accounts;

    @Reference @Nullable BundleContext context;

    @Override
    void run(PrintStream out) {
        Accounts service = need(accounts, "account service");
        if (!service.setupRequired()) {
            throw new IllegalStateException(
                    "An administrator exists already: sign in at " + console());
        }
        String console = console();
        out.println(console + "setup#" + service.newSetupToken(actor()));
        out.println("Valid once, for 24 hours; earlier links stop working.");
    }

    /**
     * The address under which the console is served at this moment, from the HTTP service's own
     * properties.
     */
    private String console() {
        try {
            ServiceReference<?>[] runtimes =
                    need(context, "framework").getAllServiceReferences(HTTP_RUNTIME, null);
            if (runtimes != null) {
                for (ServiceReference<?> each : runtimes) {
                    String address = address(each.getProperty(ENDPOINT));
                    if (address != null) {
                        return address;
                    }
                }
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
        return need((String) null, "web server");
    }

    /** One of the addresses, preferably this machine's own; null if there is none. */
    static @Nullable String address(@Nullable Object endpoints) {
        List<String> all =
                endpoints instanceof String[] array
                        ? Arrays.asList(array)
                        : endpoints instanceof String one ? List.of(one) : List.of();
        return all.stream()
                .filter(address -> address.startsWith("http"))
                .min(Comparator.comparing(address -> !address.contains("://127.")))
                .map(address -> address.endsWith("/") ? address : address + "/")
                .orElse(null);
    }
}
