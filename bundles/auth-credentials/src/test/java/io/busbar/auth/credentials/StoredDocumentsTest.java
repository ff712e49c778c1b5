package io.busbar.auth.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.auth.AclRule;
import io.busbar.api.auth.ClientIdPolicy;
import io.busbar.api.auth.Credential;
import io.busbar.api.storage.Document;
import io.busbar.api.storage.DocumentChange;
import io.busbar.api.storage.StorageException;
import io.busbar.testkit.storage.FakeDocuments;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Documents in the words in which they are written, and were before they were bound to records. */
class StoredDocumentsTest {
    private static final String ID = "019ca945-7fad-768a-bc32-cf8af1ecfb8f";
    private static final String PASSWORD = "J57Y3mQNwbfkumV3MNDyG7qc3xzj";

    private static final String GENERATED =
            """
            {"description":"Line 1 gateway","clientId":"unspt727zvtg305",\
            "username":"uevcw6hqmqzwv","clientIdPolicy":"EXACT","maxConnections":0,\
            "acl":[{"effect":"ALLOW","action":"BOTH","filter":"#"},\
            {"effect":"ALLOW","action":"SUBSCRIBE","filter":"$SYS/broker/#"}],\
            "enabled":true,"allowedNetworks":[],\
            "createdAt":"2026-03-01T12:00:30.125Z","createdBy":"ada",\
            "updatedAt":"2026-03-01T12:00:30.125Z","updatedBy":"ada",\
            "verifier":{"scheme":"hmac-sha-256","keyId":"10Rsyr-W",\
            "mac":"2YPOa35r70bt6dadqpKs4MY8FydF9lwJfy7UeCMI0D4="},\
            "scramSha256":{"iterations":4096,"salt":"4+7dFtwA7uvSEj3XMVd9Sw==",\
            "storedKey":"6k5tsAB9NdpE+B99q4lYJOzj/S/TyLCO8/3wt8T2LgY=",\
            "serverKey":"6ookXIksBXq2kCiTS3wQt0qp7ea2xWkT9JrqEvJvvsE="}}\
            """;

    private static final String CHOSEN =
            """
            {"description":"Pr\u00fcfstand <2> \\"left\\"","clientId":"dev2",\
            "username":"line2","clientIdPolicy":"PREFIX","maxConnections":3,\
            "acl":[{"effect":"DENY","action":"PUBLISH","filter":"a/%u/#"},\
            {"effect":"ALLOW","action":"SUBSCRIBE","filter":"$SYS/broker/#"}],\
            "enabled":true,"expiresAt":"2027-01-01T00:00:00Z",\
            "allowedNetworks":["10.0.0.0/8","fd00::/8"],\
            "createdAt":"2026-03-01T12:00:30.125Z","createdBy":"bootstrap",\
            "updatedAt":"2026-03-01T12:00:30.125Z","updatedBy":"bootstrap",\
            "verifier":{"scheme":"argon2id",\
            "phc":"$argon2id$v=19$m=19456,t=2,p=1$ImZv59WY400rVL2IedIH+g\
            $W8M09FPmJmjG6COo8PnODj1cl822zsKGsoQqCOTnyfQ"}}\
            """;

    private static final String SERVER_KEY =
            """
            {"id":"10Rsyr-W","key":"hDaM3BJbqKetPihuRgziRUo0s0SfH7Z88XdS6l85RiQ="}\
            """;

    private final FakeDocuments documents = new FakeDocuments();

    @Test
    void generated_isReadAndRecognisesItsPassword() {
        CredentialStore store = stored();

        Entry entry = store.byUsername("uevcw6hqmqzwv");

        assertThat(entry.credential())
                .isEqualTo(
                        new Credential(
                                ID,
                                "Line 1 gateway",
                                "unspt727zvtg305",
                                "uevcw6hqmqzwv",
                                ClientIdPolicy.EXACT,
                                List.of(),
                                0,
                                AclRule.DEFAULT,
                                true,
                                null,
                                List.of(),
                                null,
                                Instant.parse("2026-03-01T12:00:30.125Z"),
                                "ada",
                                Instant.parse("2026-03-01T12:00:30.125Z"),
                                "ada",
                                1));
        assertThat(entry.scram())
                .isEqualTo(
                        ScramKeys.of(
                                PASSWORD,
                                java.util.Base64.getDecoder().decode("4+7dFtwA7uvSEj3XMVd9Sw==")));
        assertThat(store.view(entry).lastSeenAt()).isEqualTo("2026-03-01T12:01:00Z");
    }

    @Test
    void chosen_isRead() {
        Entry entry = stored().byUsername("line2");

        assertThat(entry.credential().description()).isEqualTo("Pr\u00fcfstand <2> \"left\"");
        assertThat(entry.credential().clientIdPolicy()).isEqualTo(ClientIdPolicy.PREFIX);
        assertThat(entry.credential().maxConnections()).isEqualTo(3);
        assertThat(entry.credential().expiresAt()).isEqualTo("2027-01-01T00:00:00Z");
        assertThat(entry.credential().allowedNetworks()).containsExactly("10.0.0.0/8", "fd00::/8");
        assertThat(entry.credential().acl())
                .containsExactly(
                        new AclRule(AclRule.Effect.DENY, AclRule.Action.PUBLISH, "a/%u/#"),
                        AclRule.READ_BROKER_STATE);
        assertThat(entry.verifier())
                .isEqualTo(
                        new Verifier.Chosen(
                                "$argon2id$v=19$m=19456,t=2,p=1$ImZv59WY400rVL2IedIH+g$W8M09FPmJmjG6COo8PnODj1cl822zsKGsoQqCOTnyfQ"));
        assertThat(entry.scram()).isNull();
    }

    @Test
    void credentials_areWrittenInTheSameWords() {
        for (String json : List.of(GENERATED, CHOSEN)) {
            Entry entry = CredentialDocument.read(new Document("credentials", "id", json, 1));

            assertThat(CredentialDocument.write(entry.credential(), entry.keys())).isEqualTo(json);
        }
    }

    @Test
    void serverKey_isReadAndNotMadeAnew() {
        CredentialStore store = stored();

        assertThat(store.serverKey().id()).isEqualTo("10Rsyr-W");
        assertThat(documents.get("auth_keys", "credentials").orElseThrow().json())
                .isEqualTo(SERVER_KEY);
        Verifier.Generated verifier =
                (Verifier.Generated) store.byUsername("uevcw6hqmqzwv").verifier();
        assertThat(verifier.matches(store.serverKey(), ID, Bytes.utf8(PASSWORD))).isTrue();
        assertThat(verifier.matches(store.serverKey(), ID, Bytes.utf8("guess"))).isFalse();
    }

    @Test
    void tombstones_areRead() {
        assertThat(stored().wasDeleted("line9", null)).isTrue();
        assertThat(stored().wasDeleted("line8", null)).isFalse();
    }

    @Test
    void keysOfANewerVersion_arePassedOver() {
        String newer =
                GENERATED.replace("\"enabled\":true", "\"enabled\":true,\"tag\":{\"a\":[1]}");

        assertThat(CredentialDocument.read(new Document("credentials", "id", newer, 1)).id())
                .isEqualTo("id");
    }

    @Test
    void damaged_isTold() {
        for (String json :
                List.of(
                        "",
                        "[]",
                        "{\"x\":1}",
                        GENERATED.substring(1),
                        GENERATED.replace("EXACT", "SOME"),
                        GENERATED.replace("hmac-sha-256", "rot13"),
                        GENERATED.replace("2026-03-01T12:00:30.125Z", "yesterday"),
                        GENERATED.replace("\"allowedNetworks\":[]", "\"allowedNetworks\":[\"x\"]"),
                        GENERATED.replace("\"maxConnections\":0", "\"maxConnections\":null"),
                        GENERATED.replace("\"enabled\":true,", ""))) {
            assertThatThrownBy(
                            () ->
                                    CredentialDocument.read(
                                            new Document("credentials", "7", json, 1)))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("Credential 7 cannot be read")
                    .hasMessageContaining("credentials/7");
        }
    }

    @Test
    void damagedServerKey_isTold() {
        documents.commit(
                List.of(DocumentChange.create("auth_keys", "credentials", "{\"id\":\"a\"}")));

        assertThatThrownBy(() -> CredentialStore.load(documents, new Secrets()))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("(document auth_keys/credentials) is damaged");
    }

    private CredentialStore stored() {
        if (documents.scan("auth_keys").isEmpty()) {
            documents.commit(
                    List.of(
                            DocumentChange.create("credentials", ID, GENERATED),
                            DocumentChange.create("credentials", "chosen", CHOSEN),
                            DocumentChange.create("auth_keys", "credentials", SERVER_KEY),
                            DocumentChange.create(
                                    "credential_seen", ID, "{\"at\":\"2026-03-01T12:01:00Z\"}"),
                            DocumentChange.create(
                                    "credential_tombstones", "username:line9", "{}")));
        }
        return CredentialStore.load(documents, new Secrets());
    }
}
