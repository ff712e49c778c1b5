package io.busbar.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.accounts.Accounts;
import io.busbar.api.audit.Actor;
import io.busbar.api.auth.AclRule;
import io.busbar.api.auth.ClientIdOverlap;
import io.busbar.api.auth.CredentialChange;
import io.busbar.api.auth.CredentialService;
import io.busbar.api.auth.NewCredential;
import io.busbar.api.backup.Backup;
import io.busbar.api.backup.Backups;
import io.busbar.api.broker.Broker;
import io.busbar.api.broker.Clients;
import io.busbar.api.broker.InterceptorView;
import io.busbar.api.broker.ProviderView;
import io.busbar.api.broker.PublishResult;
import io.busbar.api.broker.SessionView;
import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.memory.MemoryArea;
import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.storage.ConflictException;
import io.busbar.api.transfer.ImportReport;
import io.busbar.api.transfer.ImportRule;
import io.busbar.api.transfer.StateExport;
import io.busbar.api.transfer.StatePart;
import io.busbar.api.transfer.StateTransfer;
import io.busbar.api.uns.ImportProblem;
import io.busbar.api.uns.ImportResult;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.Namespace;
import io.busbar.api.uns.NamespaceExport;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeMove;
import io.busbar.api.uns.NodeStamp;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.RecycleBin;
import io.busbar.api.uns.RecycledNode;
import io.busbar.api.uns.SemanticVersion;
import io.busbar.api.uns.Template;
import io.busbar.api.uns.TemplateFacts;
import io.busbar.api.uns.TemplateVersion;
import io.busbar.api.uns.Templates;
import io.busbar.api.uns.UnknownFields;
import io.busbar.memory.ProcessMemory;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.karaf.shell.support.CommandException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsTest {
    private final Fakes fakes = new Fakes();

    private <C extends ShellCommand> C ready(C command) {
        command.session = fakes.session;
        return command;
    }

    @Test
    void anyCommand_withoutItsService_saysSoInASentence() {
        for (ShellCommand command :
                List.of(
                        new InfoCommand(),
                        new ListClientsCommand(),
                        new DisconnectClientCommand(),
                        new ListSessionsCommand(),
                        new EndSessionCommand(),
                        new ListCredentialsCommand(),
                        new CreateCredentialCommand(),
                        new ResetCredentialCommand(),
                        new DisableCredentialCommand(),
                        new EnableCredentialCommand(),
                        new DeleteCredentialCommand(),
                        new ListRejectionsCommand(),
                        new ListInterceptorsCommand(),
                        new ShowMemoryCommand(),
                        new SetupLinkCommand(),
                        new ShowTreeCommand(),
                        new CreateNodeCommand(),
                        new ReadValueCommand(),
                        new ExplainCommand(),
                        new DeleteNodeCommand(),
                        new MoveNodeCommand(),
                        new CopyNodeCommand(),
                        new ListRecycledCommand(),
                        new RestoreNodeCommand(),
                        new ListViolationsCommand(),
                        new ListTemplatesCommand(),
                        new ImportNamespaceCommand(),
                        new ExportNamespaceCommand(),
                        new BackupCommand())) {
            assertThatThrownBy(ready(command)::execute)
                    .as(command.getClass().getSimpleName())
                    .isInstanceOf(CommandException.class)
                    .hasMessageMatching("The .* is not running\\. See .*");
        }
    }

    @Test
    void backup_waitsForItsEnd_andSaysWhereItIs(@TempDir Path folder) throws Exception {
        BackupCommand command = ready(new BackupCommand());
        command.folder = folder.toString();
        command.backups = backups(Backup.State.DONE, null);

        command.execute();

        assertThat(fakes.printed())
                .isEqualTo(
                        "Making %1$s/busbar.zip ...%nMade %1$s/busbar.zip: 2 KiB, 4 KiB of data.%n"
                                .formatted(folder));
    }

    private static StateTransfer transfer(List<String> imported, ImportReport.Problem... problems) {
        return new StateTransfer() {
            @Override
            public StateExport export(Set<StatePart> parts, Actor actor) {
                Iterator<StatePart> all = parts.iterator();
                return to -> {
                    if (!all.hasNext()) {
                        return false;
                    }
                    to.append(all.next().name()).append('\n');
                    return true;
                };
            }

            @Override
            public ImportReport importLines(InputStream lines, ImportRule rule, Actor actor)
                    throws IOException {
                imported.add(new String(lines.readAllBytes(), StandardCharsets.UTF_8));
                return new ImportReport(
                        rule.dryRun(),
                        true,
                        Map.of(StatePart.SESSIONS, new ImportReport.Count(1, 2, 3, 4)),
                        List.of(problems),
                        0);
            }
        };
    }

    @Test
    void export_namesWhatIsDamaged_andFails_andTheFileHasTheRest(@TempDir Path folder)
            throws Exception {
        ExportStateCommand command = ready(new ExportStateCommand());
        StateExport damaged =
                new StateExport() {
                    private boolean written;

                    @Override
                    public boolean writeNext(Writer to) throws IOException {
                        boolean first = !written;
                        to.append(first ? "line\n" : "");
                        written = true;
                        return first;
                    }

                    @Override
                    public long leftOut() {
                        return 2;
                    }

                    @Override
                    public List<String> leftOutNames() {
                        return List.of("the session of a");
                    }
                };
        command.transfer =
                Fakes.fake(
                        StateTransfer.class,
                        (method, arguments) -> method.equals("export") ? damaged : null);
        command.file = folder.resolve("state.ndjson").toString();

        assertThatThrownBy(command::execute).hasMessageContaining("2 thing(s) are damaged");

        assertThat(folder.resolve("state.ndjson")).hasContent("line\n");
        assertThat(fakes.printed()).contains("left out: the session of a");
    }

    @Test
    void export_writesAFileForItsOwner_andNeverOverOne(@TempDir Path folder) throws Exception {
        ExportStateCommand command = ready(new ExportStateCommand());
        command.transfer = transfer(List.of());
        command.parts = "sessions,retained";
        command.file = folder.resolve("state.ndjson").toString();

        command.execute();

        assertThat(folder.resolve("state.ndjson")).hasContent("RETAINED\nSESSIONS\n");
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(folder.resolve("state.ndjson"))))
                .isEqualTo("rw-------");
        assertThatThrownBy(command::execute)
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("exists already");
        command.parts = "pictures";
        assertThatThrownBy(command::execute)
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("expected: credentials, retained, sessions");
    }

    @Test
    void importOfLines_saysWhatItMade_andWhatWasWrong(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("state.ndjson"), "line\n");
        List<String> imported = new ArrayList<>();
        ImportStateCommand command = ready(new ImportStateCommand());
        command.transfer = transfer(imported);
        command.file = file.toString();

        command.execute();

        assertThat(imported).containsExactly("line\n");
        assertThat(fakes.printed())
                .isEqualTo(
                        "sessions: made 1, replaced 2, skipped 3, 4 messages waiting%n"
                                .formatted());
        command.dryRun = true;
        command.transfer = transfer(imported, new ImportReport.Problem(7, "no\u001b base64"));
        assertThatThrownBy(command::execute)
                .isInstanceOf(CommandException.class)
                .hasMessage("1 line(s) were not imported (dry run).");
        assertThat(fakes.printed()).contains("would make 1", "line 7: no\uFFFD base64");
    }

    @Test
    void backup_thatFails_saysWhy() {
        BackupCommand command = ready(new BackupCommand());
        command.backups = backups(Backup.State.FAILED, "The backup failed: the disk is full.");

        assertThatThrownBy(command::execute)
                .isInstanceOf(CommandException.class)
                .hasMessage("The backup failed: the disk is full.");
    }

    @Test
    void backup_whileOneIsMade_isRefused() {
        BackupCommand command = ready(new BackupCommand());
        command.backups =
                Fakes.fake(
                        Backups.class,
                        (method, arguments) -> {
                            throw new ConflictException("A backup is being made already: x.");
                        });

        assertThatThrownBy(command::execute)
                .isInstanceOf(CommandException.class)
                .hasMessage("A backup is being made already: x.");
    }

    private static Backups backups(Backup.State end, @Nullable String failure) {
        return Fakes.fake(
                Backups.class,
                (method, arguments) -> {
                    assertThat(arguments[1]).isEqualTo(Actor.shell("karaf"));
                    Path into = arguments[0] == null ? Path.of("x") : (Path) arguments[0];
                    Backup begun =
                            new Backup(
                                    into.resolve("busbar.zip"),
                                    Backup.State.RUNNING,
                                    Instant.EPOCH,
                                    0,
                                    0,
                                    0,
                                    null);
                    return new Backups.Started(
                            begun,
                            CompletableFuture.completedFuture(
                                    new Backup(
                                            begun.file(),
                                            end,
                                            Instant.EPOCH,
                                            4000,
                                            4000,
                                            2000,
                                            failure)));
                });
    }

    @Test
    void credentialCreate_passesWhatIsWantedAndShowsThePassword() throws Exception {
        CreateCredentialCommand command = ready(new CreateCredentialCommand());
        List<Object> asked = new ArrayList<>();
        command.description = "Line 1 gateway";
        command.policy = "prefix";
        command.publish = List.of("plant/#");
        command.credentials =
                Fakes.fake(
                        CredentialService.class,
                        (method, arguments) -> {
                            if (method.equals("overlaps")) {
                                return List.of(
                                        new ClientIdOverlap(
                                                Fakes.credential("press", true),
                                                ClientIdOverlap.Kind.COVERS));
                            }
                            asked.addAll(List.of(arguments));
                            return new CredentialService.Created(
                                    Fakes.credential("u1", true), "s3cret");
                        });

        command.execute();

        NewCredential wanted = (NewCredential) asked.get(0);
        assertThat(wanted.clientIdPolicy().name()).isEqualTo("PREFIX");
        assertThat(wanted.acl()).hasSize(1);
        assertThat(asked.get(1)).isEqualTo(Actor.shell("karaf"));
        assertThat(wanted.allowOverlap()).isFalse();
        assertThat(fakes.printed())
                .contains("uns-u1", "s3cret", "shown only now")
                .contains("Overlap: the Client ID of \"Line 1 gateway\" (uns-press)");
    }

    @Test
    void credentialCreate_withoutRights_saysThatItMayEverything() throws Exception {
        CreateCredentialCommand command = ready(new CreateCredentialCommand());
        command.credentials =
                Fakes.fake(
                        CredentialService.class,
                        (method, arguments) ->
                                method.equals("overlaps")
                                        ? List.of()
                                        : new CredentialService.Created(
                                                Fakes.credential("u1", true, AclRule.DEFAULT),
                                                "s3cret"));

        command.execute();

        assertThat(fakes.printed()).contains("It may publish and subscribe to everything.");
    }

    private static SessionView session(String clientId, String principalId, boolean reserved) {
        Instant then = Instant.parse("2026-11-23T08:00:00Z");
        return new SessionView(
                clientId,
                principalId,
                "u1",
                reserved,
                false,
                2,
                3,
                30,
                0xFFFF_FFFFL,
                then,
                then,
                null);
    }

    @Test
    void sessions_saysWhoseTheyAre_andWhichEndWhenTheOwnerConnects() throws Exception {
        ListSessionsCommand command = ready(new ListSessionsCommand());
        command.offline = true;
        command.clients =
                Fakes.fake(
                        Clients.class,
                        (method, arguments) ->
                                handOver(
                                        arguments,
                                        session("line1", "id-u1", true),
                                        session("x\u0007", "file:u1", false)));
        command.credentials =
                Fakes.fake(
                        CredentialService.class,
                        (method, arguments) ->
                                arguments[0].equals("id-u1")
                                        ? Optional.of(Fakes.credential("u1", false))
                                        : Optional.empty());

        command.execute();

        assertThat(fakes.printed())
                .contains("line1", "Line 1 gateway (disabled)", "never", "owner of the Client ID")
                .doesNotContain("\u0007");
    }

    @SuppressWarnings("unchecked") // The only argument of each and eachSession.
    private static @Nullable Object handOver(Object[] arguments, Object... rows) {
        List.of(rows).forEach((Consumer<Object>) arguments[0]);
        return null;
    }

    @Test
    void sessions_moreThanTheLimit_showsTheFirst_andHowManyAreLeft() throws Exception {
        ListSessionsCommand command = ready(new ListSessionsCommand());
        command.limit = 2;
        command.clients =
                Fakes.fake(
                        Clients.class,
                        (method, arguments) ->
                                handOver(
                                        arguments,
                                        session("d", "", false),
                                        session("b", "", false),
                                        session("c", "", false),
                                        session("a", "", false)));

        command.execute();

        assertThat(fakes.printed().lines().skip(2).map(line -> line.substring(0, 1)))
                .containsExactly("a", "b", "…");
        assertThat(fakes.printed()).contains("2 more (--limit)");
    }

    @Test
    void endSession_saysWhatIsLost_andWhoDidIt() throws Exception {
        EndSessionCommand command = ready(new EndSessionCommand());
        command.clientId = "line1";
        List<Object> asked = new ArrayList<>();
        command.clients =
                Fakes.fake(
                        Clients.class,
                        (method, arguments) -> {
                            if (method.equals("session")) {
                                return Optional.of(session("line1", "id-u1", false));
                            }
                            asked.addAll(List.of(arguments));
                            return true;
                        });

        command.execute();

        assertThat(asked).containsExactly("line1", "Session ended by karaf", Actor.shell("karaf"));
        assertThat(fakes.printed()).contains("3 messages and 2 subscriptions");
    }

    @Test
    void endSession_unknown_saysWhereToLook() {
        EndSessionCommand command = ready(new EndSessionCommand());
        command.clientId = "nobody";
        command.clients = Fakes.fake(Clients.class, (method, arguments) -> Optional.empty());

        assertThatThrownBy(command::execute)
                .hasMessage("There is no session 'nobody'. See 'edge:sessions'.");
    }

    @Test
    void credentialCreate_unknownPolicy_saysWhatIsExpected() {
        CreateCredentialCommand command = ready(new CreateCredentialCommand());
        command.credentials = Fakes.fake(CredentialService.class, (method, arguments) -> null);
        command.policy = "some";

        assertThatThrownBy(command::execute)
                .hasMessage("policy: 'some' (expected: EXACT, PREFIX or ANY)");
    }

    @Test
    void credentialDisable_findsItByUsernameOrClientId() throws Exception {
        List<Object> asked = new ArrayList<>();
        for (String name : List.of("u1", "uns-u1", "id-u1")) {
            DisableCredentialCommand command = ready(new DisableCredentialCommand());
            command.name = name;
            command.credentials =
                    Fakes.fake(
                            CredentialService.class,
                            (method, arguments) -> {
                                if (method.equals("list")) {
                                    return List.of(
                                            Fakes.credential("u2", true),
                                            Fakes.credential("u1", true));
                                }
                                asked.add(arguments[0]);
                                assertThat(((CredentialChange) arguments[2]).enabled()).isFalse();
                                return Fakes.credential("u1", false);
                            });
            command.execute();
        }

        assertThat(asked).containsExactly("id-u1", "id-u1", "id-u1");
    }

    @Test
    void credentialDelete_unknown_saysWhereToLook() {
        DeleteCredentialCommand command = ready(new DeleteCredentialCommand());
        command.name = "nobody";
        command.credentials = Fakes.fake(CredentialService.class, (method, arguments) -> List.of());

        assertThatThrownBy(command::execute)
                .isInstanceOf(CommandException.class)
                .hasMessage("No credential 'nobody'. See 'edge:credentials'.");
    }

    @Test
    void disconnect_passesReasonAndName() throws Exception {
        DisconnectClientCommand command = ready(new DisconnectClientCommand());
        command.clientId = "c1";
        command.clients =
                Fakes.fake(
                        Clients.class,
                        (method, arguments) ->
                                arguments[0].equals("c1")
                                        && arguments[1] == ReasonCode.ADMINISTRATIVE_ACTION
                                        && arguments[3].equals(Actor.shell("karaf")));

        command.execute();

        assertThat(fakes.printed()).startsWith("Disconnected c1.");
        command.clientId = "c2";
        assertThatThrownBy(command::execute).hasMessageContaining("No client 'c2'");
    }

    @Test
    void setupLink_afterSetup_isRefused() {
        SetupLinkCommand command = ready(new SetupLinkCommand());
        command.accounts = Fakes.fake(Accounts.class, (method, arguments) -> false);

        assertThatThrownBy(command::execute).isInstanceOf(CommandException.class);
        assertThat(
                        SetupLinkCommand.address(
                                new String[] {"http://10.0.0.1:8080/", "http://127.0.0.1:8080"}))
                .isEqualTo("http://127.0.0.1:8080/");
        assertThat(SetupLinkCommand.address(null)).isNull();
    }

    @Test
    void tree_showsLevelsAndStates() throws Exception {
        Node plant = Fakes.node("Plant", NodeType.PATH);
        Node speed = Fakes.node("Plant/speed", NodeType.TOPIC);
        ShowTreeCommand command = ready(new ShowTreeCommand());
        command.namespace =
                Fakes.fake(
                        Namespace.class,
                        (method, arguments) ->
                                switch (method) {
                                    case "children" ->
                                            arguments[0] == null
                                                    ? List.of(plant)
                                                    : arguments[0].equals(plant.id())
                                                            ? List.of(speed)
                                                            : List.of();
                                    case "childCount" ->
                                            arguments[0] == null || arguments[0].equals(plant.id())
                                                    ? 1
                                                    : 0;
                                    case "value" -> Optional.empty();
                                    case "topicsBelow" -> 1L;
                                    default -> throw new UnsupportedOperationException(method);
                                });

        command.execute();

        assertThat(fakes.printed().lines())
                .containsExactly("└─ Plant", "   └─ speed  [METRIC, 0 fields, GoodNoData]");
    }

    @Test
    void create_pathWithAnEmptyLevel_isRefused() throws Exception {
        CreateNodeCommand command = ready(new CreateNodeCommand());
        command.namespace = Fakes.fake(Namespace.class, (method, arguments) -> null);
        command.path = "/Plant";

        assertThatThrownBy(command::execute).hasMessage("path: '/Plant' has an empty level");
    }

    @Test
    void create_conflict_isOneSentence() {
        CreateNodeCommand command = ready(new CreateNodeCommand());
        command.path = "Plant/Line";
        command.namespace =
                Fakes.fake(
                        Namespace.class,
                        (method, arguments) -> {
                            throw new ConflictException("path: 'Plant/Line' exists already");
                        });

        assertThatThrownBy(command::execute)
                .isInstanceOf(CommandException.class)
                .hasMessage("path: 'Plant/Line' exists already");
    }

    @Test
    void importFile_readsItAndListsErrors(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("n.json"), "{}", StandardCharsets.UTF_8);
        ImportNamespaceCommand command = ready(new ImportNamespaceCommand());
        command.namespace =
                Fakes.fake(
                        Namespace.class,
                        (method, arguments) ->
                                new ImportResult(
                                        0,
                                        0,
                                        0,
                                        0,
                                        List.of(new ImportProblem("", "", 0, "empty", null)),
                                        41,
                                        false,
                                        List.of(),
                                        0));

        command.file = file.toString();
        assertThatThrownBy(command::execute).hasMessage("Nothing was made: 42 error(s).");
        assertThat(fakes.printed()).contains("the document: empty").contains("and 41 more");
        command.file = folder.resolve("missing.json").toString();
        assertThatThrownBy(command::execute).hasMessageStartingWith("No file ");
    }

    @Test
    void importFile_saysWhatIsNotKept(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("n.json"), "{}", StandardCharsets.UTF_8);
        ImportNamespaceCommand command = ready(new ImportNamespaceCommand());
        command.namespace =
                Fakes.fake(
                        Namespace.class,
                        (method, arguments) ->
                                new ImportResult(
                                        1,
                                        0,
                                        3,
                                        0,
                                        List.of(),
                                        0,
                                        false,
                                        List.of(
                                                new ImportProblem(
                                                        "/UNS/0", "a", 3, "not kept: x", null)),
                                        7));
        command.file = file.toString();

        command.execute();

        assertThat(fakes.printed())
                .contains("/UNS/0 (a), line 3: not kept: x")
                .contains("and 7 more of what is not kept")
                .contains("Made 1 nodes")
                .contains("Made 3 versions of templates.");
    }

    @Test
    void templates_showsVersionsAndHowManyTopicsPinThem() throws Exception {
        Model model = new Model(List.of(), UnknownFields.WARN);
        Instant now = Instant.parse("2026-11-23T08:00:00Z");
        SemanticVersion latest = new SemanticVersion(2, 1, 0);
        Template press =
                new Template(
                        new UUID(0, 7),
                        "press",
                        TemplateFacts.of("Press"),
                        List.of(
                                new TemplateVersion(
                                        SemanticVersion.FIRST, model, null, now, "anna"),
                                new TemplateVersion(latest, model, null, now, "anna")),
                        NodeStamp.created(now, Actor.shell("anna")));
        Templates templates =
                Fakes.fake(
                        Templates.class,
                        (method, arguments) ->
                                method.equals("list")
                                        ? List.of(press)
                                        : Map.of(
                                                press.id(),
                                                Map.of(SemanticVersion.FIRST, 40, latest, 72)));
        ListTemplatesCommand command = ready(new ListTemplatesCommand());
        command.namespace = Fakes.fake(Namespace.class, (method, arguments) -> templates);

        command.execute();

        assertThat(fakes.printed()).contains("Press", "2.1.0", "112", "40");
    }

    @Test
    void tree_withManyNodes_showsSomeAndHowManyMore() throws Exception {
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            nodes.add(Fakes.node("n" + i, NodeType.PATH));
        }
        ShowTreeCommand command = ready(new ShowTreeCommand());
        command.limit = 3;
        command.namespace =
                Fakes.fake(
                        Namespace.class,
                        (method, arguments) ->
                                switch (method) {
                                    case "children" ->
                                            arguments[0] == null
                                                    ? nodes.subList(0, (int) arguments[2])
                                                    : List.of();
                                    case "childCount" -> arguments[0] == null ? 20 : 0;
                                    default -> throw new UnsupportedOperationException(method);
                                });

        command.execute();

        assertThat(fakes.printed().lines())
                .containsExactly("├─ n0", "├─ n1", "├─ n2", "└─ … 17 more (--limit)");
    }

    @Test
    void export_toAFile_isThereWhenItIsCompleteOrNotAtAll(@TempDir Path folder) throws Exception {
        NamespaceExport complete = new Pieces(false);
        NamespaceExport broken = new Pieces(true);
        List<NamespaceExport> exports = new ArrayList<>(List.of(broken, complete, complete));
        ExportNamespaceCommand command = ready(new ExportNamespaceCommand());
        command.namespace = Fakes.fake(Namespace.class, (method, arguments) -> exports.remove(0));
        Path file = folder.resolve("n.json");
        command.file = file.toString();

        assertThatThrownBy(command::execute).hasMessage("no more (test)");
        assertThat(folder).isEmptyDirectory();
        command.execute();
        assertThat(file).hasContent("{}\n");
        assertThatThrownBy(command::execute).hasMessageContaining("exists already");
        assertThat(folder).isDirectoryContaining(each -> each.equals(file));
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(1);
        }
    }

    /** An export of two pieces, of which the second may fail. */
    private static final class Pieces implements NamespaceExport {
        private final boolean failing;
        private int written;

        Pieces(boolean failing) {
            this.failing = failing;
        }

        @Override
        public boolean writeNext(Writer to) throws IOException {
            if (written == 2) {
                return false;
            }
            if (failing && written == 1) {
                throw new IOException("no more (test)");
            }
            to.write(written++ == 0 ? "{" : "}");
            return true;
        }
    }

    @Test
    void write_toANodeWithAWireTopic_isPublishedThere() throws Exception {
        List<Message> published = new ArrayList<>();
        Node plain = Fakes.node("plant/Metric/speed", NodeType.TOPIC);
        Node wired = plain.withPayload(plain.payload().withWireTopic("/dev/1"));
        WriteValueCommand command = ready(new WriteValueCommand());
        command.topic = wired.path();
        command.payload = "1";
        command.namespace = Fakes.fake(Namespace.class, (method, arguments) -> Optional.of(wired));
        command.broker =
                Fakes.fake(
                        Broker.class,
                        (method, arguments) -> {
                            published.add((Message) arguments[0]);
                            return CompletableFuture.completedFuture(
                                    PublishResult.of(ReasonCode.SUCCESS));
                        });

        command.execute();

        assertThat(published.get(0).topic().value()).isEqualTo("/dev/1");
    }

    @Test
    void write_publishesAsThePersonAndTellsTheAnswer() throws Exception {
        List<Message> published = new ArrayList<>();
        WriteValueCommand command = ready(new WriteValueCommand());
        command.topic = "plant/speed";
        command.payload = "{\"speed\":1}";
        command.broker =
                Fakes.fake(
                        Broker.class,
                        (method, arguments) -> {
                            published.add((Message) arguments[0]);
                            return CompletableFuture.completedFuture(
                                    switch (published.size()) {
                                        case 1 -> PublishResult.of(ReasonCode.SUCCESS);
                                        case 2 -> PublishResult.of(ReasonCode.QUOTA_EXCEEDED);
                                        case 3 ->
                                                new PublishResult(
                                                        ReasonCode.PAYLOAD_FORMAT_INVALID,
                                                        "speed: expected a number");
                                        default ->
                                                new PublishResult(
                                                        ReasonCode.SUCCESS, "kept for people");
                                    });
                        });

        command.execute();

        assertThat(fakes.printed()).startsWith("Published.");
        assertThat(published.get(0).publisher().description()).isEqualTo("karaf (shell)");
        assertThatThrownBy(command::execute).hasMessage("Not published: Quota exceeded.");
        assertThatThrownBy(command::execute)
                .hasMessage("Not published: Payload format invalid: speed: expected a number.");
        command.execute();
        assertThat(fakes.printed()).contains("Published: kept for people.");
        command.topic = "$SYS/x";
        assertThatThrownBy(command::execute).hasMessageContaining("does not begin with '$'");
        command.topic = "a/#";
        assertThatThrownBy(command::execute)
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("wildcard");
    }

    @Test
    void interceptors_showsWhatTheyDidAndWhatIsWrong() throws Exception {
        ListInterceptorsCommand command = ready(new ListInterceptorsCommand());
        command.broker =
                Fakes.fake(
                        Broker.class,
                        (method, arguments) ->
                                List.of(
                                        new InterceptorView(
                                                new ProviderView(
                                                        "interceptor",
                                                        "gate",
                                                        ProviderView.State.HANGS,
                                                        "has not returned for 7 s"),
                                                List.of("a", "b", "c", "d/#", "e"),
                                                false,
                                                new InterceptorView.Counts(
                                                        1_000,
                                                        11,
                                                        12,
                                                        13,
                                                        14,
                                                        Duration.ofMillis(3),
                                                        Duration.ofNanos(456_789)))));

        command.execute();

        assertThat(fakes.printed())
                .containsSubsequence(
                        "gate",
                        "a b c and 2 more",
                        "refuse",
                        "HANGS",
                        "1000",
                        "11",
                        "12",
                        "13",
                        "14",
                        "3",
                        "456",
                        "has not returned for 7 s");
    }

    @Test
    void delete_withNodesBelow_needsRecursive() throws Exception {
        Node plant = Fakes.node("Plant", NodeType.PATH);
        List<String> deleted = new ArrayList<>();
        DeleteNodeCommand command = ready(new DeleteNodeCommand());
        command.path = "Plant";
        command.namespace =
                Fakes.fake(
                        Namespace.class,
                        (method, arguments) ->
                                switch (method) {
                                    case "byPath" -> Optional.of(plant);
                                    case "childCount" -> 1;
                                    case "topicsBelow" -> 3L;
                                    default -> {
                                        deleted.add(method);
                                        yield null;
                                    }
                                });

        assertThatThrownBy(command::execute).hasMessageContaining("--recursive");
        command.recursive = true;
        command.execute();
        command.permanent = true;
        command.execute();
        assertThat(deleted).containsExactly("delete", "deleteForGood");
    }

    @Test
    void move_takesTheNewPathApart() throws Exception {
        Node plant = Fakes.node("Plant", NodeType.PATH);
        List<NodeMove> moves = new ArrayList<>();
        MoveNodeCommand command = ready(new MoveNodeCommand());
        command.path = "Plant";
        command.keepTopics = true;
        command.namespace =
                Fakes.fake(
                        Namespace.class,
                        (method, arguments) -> {
                            if (method.equals("move")) {
                                moves.add((NodeMove) arguments[2]);
                                return plant;
                            }
                            return Optional.of(plant);
                        });

        command.to = "Site/Hall/Plant 2";
        command.execute();
        command.to = "Top";
        command.execute();

        assertThat(moves)
                .containsExactly(
                        new NodeMove("Site/Hall", "Plant 2", true), new NodeMove("", "Top", true));
    }

    @Test
    void restore_findsThePathThatWasDeletedLast_andPutsItElsewhere() throws Exception {
        UUID latest = new UUID(1, 2);
        List<List<@Nullable Object>> restored = new ArrayList<>();
        RestoreNodeCommand command = ready(new RestoreNodeCommand());
        command.namespace =
                Fakes.fake(
                        Namespace.class,
                        (method, arguments) ->
                                Fakes.fake(
                                        RecycleBin.class,
                                        (called, given) -> {
                                            if (called.equals("list")) {
                                                return List.of(
                                                        recycled(latest), recycled(new UUID(1, 1)));
                                            }
                                            restored.add(Arrays.asList(given).subList(0, 3));
                                            return Fakes.node("Plant", NodeType.PATH);
                                        }));

        command.node = "Plant";
        command.execute();
        command.node = new UUID(1, 1).toString();
        command.to = "Site/Old plant";
        command.execute();
        command.node = "Nowhere";

        assertThatThrownBy(command::execute).hasMessageContaining("Nowhere");
        assertThat(restored)
                .containsExactly(
                        Arrays.asList(latest, null, null),
                        Arrays.asList(new UUID(1, 1), "Site", "Old plant"));
        assertThat(fakes.printed()).contains("Restored Plant.");
    }

    private static RecycledNode recycled(UUID id) {
        Instant at = Instant.parse("2026-11-30T10:00:00Z");
        return new RecycledNode(id, NodeType.PATH, "Plant", 3, 1, at, "anna", at);
    }

    @Test
    void memory_showsKindsAndWhoWasRefused() throws Exception {
        try (ProcessMemory memory = new ProcessMemory(100 << 20, 50 << 20, Clock.systemUTC())) {
            MemoryAccount sessions = memory.open(MemoryArea.HEAP, "sessions", 100, null);
            sessions.add(91 << 20);
            sessions.refused("line\u001b1", 5 << 20);
            ShowMemoryCommand command = ready(new ShowMemoryCommand());
            command.memory = memory;

            command.execute();
        }

        assertThat(fakes.printed())
                .contains("Heap: 91.0 of 100.0 MiB, short; refused 1, taken back 0")
                .contains("Direct memory: 0.0 of 50.0 MiB; refused 0")
                .containsPattern("sessions +\\W +91\\.0")
                .contains("line\uFFFD1", "was refused more", "5.0");
    }

    @Test
    void printable_controlCharacters_neverReachTheTerminal() {
        assertThat(ShellCommand.printable("a\u001b[31mb\nc\u202e"))
                .isEqualTo("a\uFFFD[31mb\uFFFDc\uFFFD");
        assertThat(ShellCommand.printable("Größe 1")).isEqualTo("Größe 1");
    }
}
