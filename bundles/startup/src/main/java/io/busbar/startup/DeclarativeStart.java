package io.busbar.startup;

import static io.busbar.startup.Parts.answers;
import static io.busbar.startup.Parts.present;

import io.busbar.api.accounts.Role;
import io.busbar.api.audit.Actor;
import io.busbar.api.auth.CredentialService;
import io.busbar.api.auth.NewCredential;
import io.busbar.api.uns.ImportResult;
import io.busbar.api.uns.Namespace;
import io.busbar.api.uns.TextSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes what the bootstrap file says must exist. What is there already, or was changed or deleted
 * by a person, stays as it is. What could not be made is told.
 */
final class DeclarativeStart {
    private static final Logger LOG = LoggerFactory.getLogger(DeclarativeStart.class);

    private final Path file;
    private final Parts parts;
    private final List<String> problems = new CopyOnWriteArrayList<>();

    DeclarativeStart(Path file, Parts parts) {
        this.file = file;
        this.parts = parts;
    }

    /** Reads the file. */
    Bootstrap read() throws CannotStartException {
        try {
            return BootstrapReader.read(Files.readString(file));
        } catch (BootstrapException wrong) {
            throw problem(wrong.getMessage());
        } catch (NoSuchFileException missing) {
            throw problem("the file does not exist");
        } catch (MalformedInputException wrong) {
            throw problem("the file is not UTF-8 text");
        } catch (IOException wrong) {
            throw problem("cannot be read: " + wrong.getMessage());
        }
    }

    private CannotStartException problem(String what) {
        return new CannotStartException(
                "bootstrap file " + file + ": " + what + ". Nothing of it was applied.");
    }

    /** Makes what is missing. Waits for the services first: a file is applied as a whole or not. */
    void apply(Bootstrap bootstrap, Deadline deadline)
            throws CannotStartException, InterruptedException {
        String nodes = bootstrap.namespace();
        if (bootstrap.admin() != null) {
            deadline.await(parts::accountsAnswer, "the accounts (auth-users)");
        }
        if (!bootstrap.credentials().isEmpty()) {
            deadline.await(
                    () -> answers(parts.credentials(), CredentialService::list),
                    "the credentials (auth-credentials)");
        }
        if (bootstrap.admin() != null || !bootstrap.credentials().isEmpty()) {
            deadline.await(() -> parts.hashes() != null, "the password hashes (auth-passwords)");
        }
        if (nodes != null) {
            deadline.await(
                    () -> answers(parts.namespace(), Namespace::stats),
                    "the namespace (uns-registry)");
            requireNoProblems(ensure(nodes, true));
        }
        try {
            makeAdministrator(bootstrap);
            makeCredentials(bootstrap);
            if (nodes != null) {
                makeNodes(nodes);
            }
        } catch (IllegalArgumentException wrong) {
            throw new CannotStartException("bootstrap file " + file + ": " + wrong.getMessage());
        }
    }

    private void makeAdministrator(Bootstrap bootstrap) throws CannotStartException {
        Bootstrap.Admin admin = bootstrap.admin();
        if (admin != null
                && present(parts.accounts())
                        .ensure(admin.username(), admin.password(), Role.ADMIN, Actor.BOOTSTRAP)) {
            LOG.info("Bootstrap made the administrator (user={})", admin.username());
        }
    }

    /**
     * What of the file was not made true although the server runs, each in one line that says what
     * to do; empty as long as nothing is known. Read by other threads.
     */
    List<String> problems() {
        return List.copyOf(problems);
    }

    private void tell(String what) {
        String line = "bootstrap file " + file + ": " + what + ".";
        LOG.warn("{}", line);
        problems.add(line);
    }

    private void makeCredentials(Bootstrap bootstrap) throws CannotStartException {
        for (NewCredential credential : bootstrap.credentials()) {
            CredentialService.Ensured done =
                    present(parts.credentials()).ensure(credential, Actor.BOOTSTRAP);
            if (done.created()) {
                LOG.info("Bootstrap made a credential (username={})", credential.username());
            }
            done.problems().forEach(this::tell);
        }
    }

    private void makeNodes(String nodes) throws CannotStartException {
        ImportResult result = ensure(nodes, false);
        requireNoProblems(result);
        LOG.info("Bootstrap made {} nodes", result.created());
        long notes = result.notes().size() + result.moreNotes();
        if (notes > 0 && result.created() > 0) {
            tell(
                    "the namespace cannot keep all of it (notes: "
                            + notes
                            + ", the first: "
                            + result.notes().get(0)
                            + ")");
        }
    }

    private ImportResult ensure(String nodes, boolean dryRun) throws CannotStartException {
        try {
            return present(parts.namespace()).ensure(TextSource.of(nodes), dryRun, Actor.BOOTSTRAP);
        } catch (IOException e) {
            throw new UncheckedIOException("text in memory does not fail", e);
        }
    }

    private void requireNoProblems(ImportResult result) throws CannotStartException {
        if (!result.problems().isEmpty()) {
            throw problem("namespace: " + result.problems().get(0));
        }
    }
}
