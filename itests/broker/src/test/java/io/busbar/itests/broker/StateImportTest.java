package io.busbar.itests.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.broker.SessionView;
import io.busbar.api.broker.spi.PublishInterceptor;
import io.busbar.api.broker.spi.PublishVerdict;
import io.busbar.api.memory.MemoryArea;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.StorageException;
import io.busbar.api.transfer.ImportReport;
import io.busbar.api.transfer.ImportReport.Count;
import io.busbar.api.transfer.ImportRule;
import io.busbar.api.transfer.MalformedStateException;
import io.busbar.api.transfer.StatePart;
import io.busbar.storage.memory.MemoryStore;
import io.busbar.testkit.log.CapturedLog;
import io.busbar.testkit.storage.HeldStore;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Files that people changed, or made to do harm. */
class StateImportTest extends TransferFixture {
    @Test
    void eachLineThatIsWrong_isNamed_andTheOthersCount() throws IOException {
        String lines =
                lines(
                        session(""),
                        message("", 1, ""), // left out with its session
                        message("b", 1, ""),
                        session("a"),
                        subscription("ok"),
                        subscription("#/no"),
                        subscription("ok"),
                        subscription("ok2"),
                        subscription("ok3"),
                        subscription("one too many"),
                        message("a", 0, ""),
                        message("a", 2, ",\"packetId\":5,\"state\":\"RELEASED\""),
                        message("a", 1, ",\"packetId\":5,\"state\":\"PUBLISHED\""),
                        message("a", 1, ",\"packetId\":6,\"state\":\"RELEASED\""),
                        message("a", 1, ""),
                        message("a", 1, ",\"packetId\":7,\"state\":\"PUBLISHED\""),
                        "{\"type\":\"retained\"",
                        "{\"type\":\"picture\"}",
                        "x".repeat(100_001),
                        session("c"));

        ImportReport report = take(to, lines, KEEP);

        assertThat(report.problems())
                .extracting(ImportReport.Problem::line)
                .containsExactly(2L, 4L, 7L, 8L, 11L, 12L, 14L, 15L, 17L, 18L, 19L, 20L);
        assertThat(report.complete()).isTrue();
        assertThat(report.parts().get(StatePart.SESSIONS)).isEqualTo(new Count(2, 0, 0, 2));
        assertThat(to.broker().clients().subscriptions("a")).hasSize(3);
        assertThat(
                        to.broker().clients().sessions().stream()
                                .map(SessionView::clientId)
                                .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder("a", "c");
    }

    @Test
    void fileThatIsCutShort_isSaidToBe() throws IOException {
        fill();
        String lines = export(from);
        String most = lines.substring(0, lines.lastIndexOf("{\"type\":\"end\""));

        ImportReport report = take(to, most, KEEP);

        assertThat(report.complete()).isFalse();
        assertThat(report.problems())
                .hasSize(2)
                .anyMatch(problem -> problem.message().contains("not taken up"))
                .anyMatch(problem -> problem.message().contains("cut short"));
        assertThat(report.parts().get(StatePart.SESSIONS)).isEqualTo(new Count(0, 0, 0, 0));
        assertThat(take(to, lines, KEEP).parts().get(StatePart.SESSIONS))
                .isEqualTo(new Count(1, 0, 0, 3));
    }

    @Test
    void momentThatNoServerCanKeep_isAWrongLine() throws IOException {
        ImportReport report =
                take(
                        to,
                        lines(
                                session("a").replace("2026-", "+300000000-"),
                                session("b").replace("2026-", "1969-"),
                                session("c")),
                        KEEP);

        assertThat(report.problems())
                .extracting(ImportReport.Problem::line)
                .containsExactly(2L, 3L);
        assertThat(report.parts().get(StatePart.SESSIONS).created()).isEqualTo(1);
    }

    @Test
    void otherFiles_andOtherVersions_areRefused() {
        assertThatThrownBy(() -> take(to, "", KEEP)).isInstanceOf(MalformedStateException.class);
        assertThatThrownBy(() -> take(to, "{\"namespace\":[]}\n", KEEP))
                .isInstanceOf(MalformedStateException.class);
        assertThatThrownBy(() -> take(to, lines().replace("\"version\":1", "\"version\":2"), KEEP))
                .isInstanceOf(MalformedStateException.class)
                .hasMessage("The export has version 2, and this server reads version 1.");
    }

    private static String with(String id, String properties) {
        return message(id, 1, "")
                .replace("\"payload\"", "\"properties\":{" + properties + "},\"payload\"");
    }

    private static String topic(String id, String topic) {
        return message(id, 1, "").replace("\"topic\":\"t\"", "\"topic\":\"" + topic + "\"");
    }

    private static List<Long> linesOf(ImportReport report) {
        return report.problems().stream().map(ImportReport.Problem::line).toList();
    }

    @Test
    void messageThatNoPacketCanCarry_isAWrongLine() throws IOException {
        String lines =
                lines(
                        session("a"),
                        with("a", "\"contentType\":\"" + "x".repeat(65_536) + "\""),
                        with("a", "\"contentType\":\"x\\u0000\""),
                        with("a", "\"responseTopic\":\"to/#\""),
                        with("a", "\"correlationData\":\"" + "AAAA".repeat(21_846) + "\""),
                        with("a", "\"payloadFormatIndicator\":2"),
                        with("a", "\"messageExpirySeconds\":4294967296"),
                        with("a", "\"userProperties\":[{\"name\":\"n\\u0000\",\"value\":\"\"}]"),
                        topic("a", "a/#"),
                        topic("a", ""),
                        message("a", 1, "").replace("YQ==", "YQ="),
                        message("a", 1, "")
                                .replace(
                                        "\"payload\"",
                                        "\"publisher\":{\"clientId\":\""
                                                + "x".repeat(70_000)
                                                + "\"},\"payload\""),
                        with("a", "\"contentType\":\"" + "x".repeat(65_535) + "\""));

        ImportReport report = take(to, lines, KEEP);

        assertThat(linesOf(report)).containsExactly(3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L, 13L);
        assertThat(report.parts().get(StatePart.SESSIONS)).isEqualTo(new Count(1, 0, 0, 1));
    }

    @Test
    void whatIsBeyondTheBoundsOfTheServer_isAWrongLine() throws IOException {
        to(running(true, Map.of("max_packet_size", 1_024, "max_topic_levels", 3)));
        String large = message("a", 1, "").replace("YQ==", "AAAA".repeat(342));
        String lines =
                lines(
                        retained("a/b/c/d"),
                        retained("t").replace("YQ==", "AAAA".repeat(342)),
                        retained("a/b/c"),
                        session("w1")
                                .replace(
                                        "\"createdAt\"",
                                        "\"will\":" + bare("a/b/c/d") + ",\"createdAt\""),
                        session("w2")
                                .replace(
                                        "\"createdAt\"",
                                        "\"will\":"
                                                + bare("t")
                                                + ",\"willDelaySeconds\":4294967296,\"createdAt\""),
                        session("u")
                                .replace(
                                        "\"createdAt\"",
                                        "\"username\":\""
                                                + "x".repeat(65_536)
                                                + "\",\"createdAt\""),
                        session("p")
                                .replace(
                                        "\"principalId\":\"x\"",
                                        "\"principalId\":\"" + "x".repeat(65_536) + "\""),
                        session("i").replace("\"createdAt\"", "\"inbound\":[1,0],\"createdAt\""),
                        subscription("t").replace("\"a\"", "\"i\""),
                        session("a"),
                        subscription("a/b/c/d"),
                        subscription("$share/g/t")
                                .replace("\"qos\":1", "\"qos\":1,\"noLocal\":true"),
                        topic("a", "a/b/c/d"),
                        large,
                        message("a", 2, "")
                                .replace("\"qos\":2,\"receivedAt", "\"qos\":1,\"receivedAt"),
                        message("a", 1, ",\"share\":\"g/t\""),
                        message("a", 1, ",\"share\":\"$share/g\""),
                        message("a", 1, ",\"subscriptionIdentifiers\":[1,2,3,4]"),
                        message(
                                "a",
                                1,
                                ",\"share\":\"$share/g/t\",\"subscriptionIdentifiers\":[1,2,3]"));

        for (boolean dryRun : new boolean[] {true, false}) {
            ImportReport report = take(to, lines, new ImportRule(false, dryRun, BROKER));

            assertThat(linesOf(report))
                    .containsExactly(
                            2L, 3L, 5L, 6L, 7L, 8L, 9L, 12L, 13L, 14L, 15L, 16L, 17L, 18L, 19L);
            assertThat(report.parts().get(StatePart.RETAINED)).isEqualTo(new Count(1, 0, 0, 0));
            assertThat(report.parts().get(StatePart.SESSIONS)).isEqualTo(new Count(1, 0, 0, 1));
        }
    }

    @Test
    void whatAProblemSays_isShort_howeverLongTheLineIs() throws IOException {
        String much = "x".repeat(40_000);
        String lines =
                lines(
                        message(much, 1, ""),
                        "{\"type\":\"end\",\""
                                + much
                                + "\":1,\""
                                + much.substring(1)
                                + "\":1,\"lines\":{}}",
                        "{\"type\":\"end\",\"" + much + "\":{\"a\":1,\"a\":2}}");

        ImportReport report = take(to, lines, KEEP);

        assertThat(report.problems()).hasSize(3).allMatch(each -> each.message().length() <= 500);
        assertThatThrownBy(
                        () ->
                                take(
                                        to,
                                        "{\"type\":\""
                                                + much
                                                + "\",\""
                                                + much
                                                + "\":{\"a\":1,\"a\":2}}",
                                        KEEP))
                .isInstanceOf(MalformedStateException.class)
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(700));
    }

    @Test
    void hostileJson_isAWrongLine_andTheNextOneCounts() throws IOException {
        String lines =
                lines(
                        "[".repeat(50_000),
                        "{\"type\":\"session\",\"x\":" + "[".repeat(60) + "]".repeat(60),
                        "{\"type\":\"retained\",\"type\":\"session\"}",
                        "{\"type\":7}",
                        "{\"type\":null}",
                        "null",
                        "[]",
                        session("a").replace("60", "1e999999999"),
                        session("a").replace("60", "9".repeat(500)),
                        session("a").replace("60", "9223372036854775808"),
                        session("a").replace("60", "1.5"),
                        session("a").replace("60", "\"60\""),
                        session("a").replace("\"principalId\":\"x\"", "\"principalId\":{}"),
                        session("a") + "}",
                        session("\\ud800"),
                        session("a").replace("60", "60,\"unknown\":{\"deep\":[1,{\"a\":null}]}"));

        ImportReport report = take(to, lines, KEEP);

        assertThat(linesOf(report))
                .containsExactly(2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L, 13L, 14L, 15L, 16L);
        assertThat(report.parts().get(StatePart.SESSIONS)).isEqualTo(new Count(1, 0, 0, 0));
    }

    @Test
    void problems_areInTheOrderOfTheirLines() throws IOException {
        to(running(true, Map.of("max_sessions", 1, "max_retained_messages", 1)));
        String lines =
                lines(
                        retained("1"),
                        retained("2"), // is answered late
                        "{}",
                        session("a"),
                        session("b"),
                        message("b", 0, ""),
                        "{}");

        assertThat(linesOf(take(to, lines, KEEP))).containsExactly(3L, 4L, 6L, 8L);
    }

    @Test
    void retainedMessages_ofOneTopic_countOneAfterTheOther() throws IOException {
        String lines = lines(retained("t"), retained("t").replace("YQ==", "Yg=="), retained("u"));

        ImportReport kept = take(to, lines, KEEP);
        assertThat(kept.parts().get(StatePart.RETAINED)).isEqualTo(new Count(2, 0, 1, 0));
        assertThat(to.broker().retained(TopicName.of("t")).orElseThrow().payload())
                .asString()
                .isEqualTo("a");

        ImportReport replaced = take(to, lines, REPLACE);
        assertThat(replaced.parts().get(StatePart.RETAINED)).isEqualTo(new Count(0, 3, 0, 0));
        assertThat(to.broker().retained(TopicName.of("t")).orElseThrow().payload())
                .asString()
                .isEqualTo("b");
    }

    /** They are acknowledged before the store has them, so nothing but the broker slows them. */
    @Test
    void retainedMessages_ofQos0_waitUntilTheStoreHasTakenThoseBefore() throws IOException {
        to(running(true, Map.of("retained_write_bytes", 65_536L)));
        String[] many = new String[3_000];
        for (int i = 0; i < many.length; i++) {
            many[i] =
                    retained("t/" + i)
                            .replace("\"qos\":1", "\"qos\":0")
                            .replace("YQ==", "AAAA".repeat(100));
        }

        ImportReport report = take(to, lines(many), KEEP);

        assertThat(report.problems()).isEmpty();
        assertThat(report.parts().get(StatePart.RETAINED))
                .isEqualTo(new Count(many.length, 0, 0, 0));
    }

    @Test
    void messageThatAnInterceptorTakesAway_isNotMade() throws IOException {
        PublishInterceptor quarantine =
                (message, origin) ->
                        message.topic().value().equals("bad")
                                ? PublishVerdict.divert("to the quarantine")
                                : PublishVerdict.PASS;
        to.broker()
                .interception()
                .bind(
                        quarantine,
                        Map.of(
                                PublishInterceptor.TOPIC_FILTER,
                                "#",
                                PublishInterceptor.BLOCKING,
                                false));

        ImportReport report = takeUnforeseen(to, lines(retained("good"), retained("bad")), KEEP);

        assertThat(report.parts().get(StatePart.RETAINED)).isEqualTo(new Count(1, 0, 0, 0));
        assertThat(report.problems())
                .singleElement()
                .asString()
                .isEqualTo("line 3: not retained: to the quarantine");
    }

    @Test
    void messageWhoseTimeIsOver_isSkipped_unlessItWasSent() throws IOException {
        String over = with("a", "\"messageExpirySeconds\":1").replace("2026-", "2020-");
        String lines =
                lines(
                        session("a"),
                        over.replace(
                                "\"qos\":1,", "\"qos\":1,\"packetId\":1,\"state\":\"PUBLISHED\","),
                        over,
                        message("a", 1, ""));

        ImportReport report = take(to, lines, KEEP);

        assertThat(report.problems()).isEmpty();
        assertThat(report.parts().get(StatePart.SESSIONS)).isEqualTo(new Count(1, 0, 0, 2));
    }

    @Test
    void session_livesNoLongerThanTheServerAllows() throws IOException {
        to(running(true, Map.of("max_session_expiry", 10L)));
        String old =
                session("old")
                        .replace(
                                "\"createdAt\"",
                                "\"disconnectedAt\":\"2020-01-01T00:00:00Z\",\"createdAt\"")
                        .replace("60", "4294967295");

        ImportReport report = take(to, lines(session("a"), old), KEEP);

        assertThat(report.parts().get(StatePart.SESSIONS)).isEqualTo(new Count(1, 0, 1, 0));
        assertThat(kept(to).expirySeconds()).isEqualTo(10);
    }

    @Test
    void session_thatWasLeftInTheFuture_countsFromNowOn() throws IOException {
        String future =
                session("f")
                        .replace(
                                "\"createdAt\"",
                                "\"disconnectedAt\":\"9999-01-01T00:00:00Z\",\"createdAt\"");

        take(to, lines(future), KEEP);

        assertThat(kept(to).disconnectedAt()).isLessThanOrEqualTo(System.currentTimeMillis());
    }

    @Test
    void whatIsTwiceInAFile_countsOneAfterTheOther() throws IOException {
        to(running(true, Map.of("max_sessions", 2)));
        String lines =
                lines(
                        session("a"),
                        subscription("one"),
                        session("b"),
                        session("a"),
                        subscription("two"),
                        session("c"),
                        session("d"),
                        session("b"),
                        message("b", 1, ""));

        ImportReport kept = take(to, lines, KEEP);
        assertThat(linesOf(kept)).containsExactly(7L, 8L);
        assertThat(kept.parts().get(StatePart.SESSIONS)).isEqualTo(new Count(2, 0, 2, 0));
        assertThat(to.broker().clients().subscriptions("a")).hasSize(1);

        ImportReport replaced = take(to, lines, REPLACE);
        assertThat(linesOf(replaced)).containsExactly(7L, 8L);
        assertThat(replaced.parts().get(StatePart.SESSIONS)).isEqualTo(new Count(0, 4, 0, 1));
    }

    @Test
    void moreProblemsThanAreListed_areTheFirstOnes() throws IOException {
        to(running(true, Map.of("max_retained_messages", 1)));
        String[] many = new String[300];
        for (int i = 0; i < many.length; i++) {
            many[i] = i % 2 == 0 ? retained("t/" + i) : "{}";
        }

        ImportReport report = take(to, lines(many), KEEP);

        assertThat(report.moreProblems()).isEqualTo(199);
        assertThat(linesOf(report)).hasSize(100).startsWith(3L, 4L).endsWith(101L, 102L);
    }

    /** Retained messages are counted by number and by bytes, also those of a file. */
    @Test
    void roomForRetainedMessages_isForeseen() throws IOException {
        to(running(true, Map.of("max_retained_messages", 3, "max_retained_bytes", 10L)));
        String large = retained("b").replace("YQ==", "AAAAAAAAAAA=");

        ImportReport report =
                take(
                        to,
                        lines(
                                retained("a"),
                                large,
                                retained("c"),
                                retained("d"),
                                large.replace("\"b\"", "\"a\""),
                                retained("b"),
                                large.replace("\"b\"", "\"a\"")),
                        REPLACE);

        assertThat(linesOf(report)).containsExactly(5L, 6L);
        assertThat(report.parts().get(StatePart.RETAINED)).isEqualTo(new Count(3, 2, 0, 0));
    }

    @Test
    void memoryForSessions_isForeseen() throws IOException {
        to(new RunningBroker(HeldStore.losing(new MemoryStore()), Map.of(), 0, 2, 8 << 20));
        String[] many = new String[40_000];
        for (int i = 0; i < many.length; i++) {
            many[i] = session("a-device-" + i);
        }
        String lines = lines(many);

        ImportReport would = takeUnforeseen(to, lines, DRY);
        ImportReport did = takeUnforeseen(to, lines, KEEP);

        long made = did.parts().get(StatePart.SESSIONS).created();
        assertThat(made).isBetween(1_000L, many.length - 1_000L);
        assertThat((double) would.parts().get(StatePart.SESSIONS).created())
                .isBetween(made * 0.8, made * 1.2);
    }

    @Test
    void storeThatCannotWrite_isForeseen() throws IOException {
        HeldStore store = HeldStore.losing(new MemoryStore());
        to(new RunningBroker(store, Map.of(), 0, 2));
        store.warn(new StorageException(StorageException.Kind.FULL, "the disk is nearly full"));

        for (ImportRule rule : List.of(DRY, KEEP)) {
            assertThatThrownBy(() -> takeUnforeseen(to, lines(session("a")), rule))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("the disk is nearly full");
        }
        store.warn(null);
        assertThat(to.broker().clients().session("a")).isEmpty();
    }

    @Test
    void queueInAStoreInMemory_hasTheBoundsOfMemory() throws IOException {
        to(running(false, Map.of("max_queued_messages", 2)));
        String lines =
                lines(session("a"), message("a", 1, ""), message("a", 1, ""), message("a", 1, ""));

        assertThat(linesOf(take(to, lines, KEEP))).containsExactly(5L);
        assertThat(to.broker().clients().session("a").orElseThrow().queued()).isEqualTo(2);
    }

    @Test
    void queueInAStoreInMemory_takesOnlyMemoryThatThereIs() throws IOException {
        to(new RunningBroker(new MemoryStore(), Map.of(), 0, 2, 8 << 20));
        String large = message("a", 1, "").replace("YQ==", "AAAA".repeat(20_000));
        List<String> many = new ArrayList<>(Collections.nCopies(400, large));
        many.add(0, session("a"));

        ImportReport report = take(to, lines(many.toArray(String[]::new)), KEEP);

        assertThat(report.problems()).isNotEmpty();
        assertThat(report.parts().get(StatePart.SESSIONS).messages()).isPositive();
        assertThat(to.memory().use(MemoryArea.HEAP).usedBytes()).isLessThan(8 << 20);
    }

    @Test
    void importThatEndsEarly_saysWhere_andWhatItMade_andIsInTheLog() throws IOException {
        HeldStore store = HeldStore.losing(new MemoryStore());
        to(new RunningBroker(store, Map.of(), 0, 2));
        String[] many = new String[2_000];
        for (int i = 0; i < many.length; i++) {
            many[i] = session("s" + i);
        }
        String lines = lines(many);
        InputStream breaking =
                new FilterInputStream(new ByteArrayInputStream(bytes(lines))) {
                    @Override
                    public int read(byte[] into, int from, int length) throws IOException {
                        if (to.broker().clients().session("s0").isPresent()) {
                            store.broken(true);
                        }
                        return super.read(into, from, length);
                    }
                };

        try (CapturedLog log = new CapturedLog()) {
            assertThatThrownBy(() -> transfer(to).importLines(breaking, KEEP, ADA))
                    .isInstanceOf(StorageException.class)
                    .hasMessageMatching("line 20\\d\\d: the disk is gone.*")
                    .hasMessageContaining("SESSIONS=Count[created=1000,");

            assertThat(log.take())
                    .anyMatch(line -> line.contains("ada") && line.contains("ended early"));
        }
        store.broken(false);
    }

    @Test
    void exportsAndImports_areInTheLog_withWhoMadeThem() throws IOException {
        try (CapturedLog log = new CapturedLog()) {
            transfer(from).export(EnumSet.of(StatePart.CREDENTIALS), ADA);
            assertThat(log.take())
                    .singleElement()
                    .asString()
                    .contains("State exported")
                    .contains(ADA.toString())
                    .contains("CREDENTIALS");

            take(to, lines(session("a")), REPLACE);
            assertThat(log.take())
                    .filteredOn(line -> line.contains(ADA.toString()))
                    .anyMatch(line -> line.contains("begins") && line.contains("replace=true"))
                    .anyMatch(line -> line.contains("created=1"));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
