package io.busbar.web.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.testkit.log.CapturedLog;
import io.busbar.web.http.HttpWing;
import io.busbar.web.http.Router;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WingsTest {
    private final CapturedLog log = new CapturedLog();
    private final Map<String, Servlet> answering = new LinkedHashMap<>();
    private final Wings wings = new Wings(WingsTest::servlet, this::register);

    @AfterEach
    void close() {
        log.close();
    }

    private static Servlet servlet(HttpWing wing) {
        if (!wing.path().startsWith("/")) {
            throw new IllegalArgumentException(wing.path());
        }
        return new HttpServlet() {
            private static final long serialVersionUID = 1L;
        };
    }

    private Runnable register(String path, Servlet servlet) {
        assertThat(answering.put(path, servlet)).isNull();
        return () -> answering.remove(path, servlet);
    }

    private Wings.Place add(String path, String bundle, int ranking) {
        return wings.add(
                new HttpWing() {
                    @Override
                    public String path() {
                        return path;
                    }

                    @Override
                    public void addTo(Router router) {}
                },
                bundle,
                ranking);
    }

    @Test
    void add_andRemove_areLoggedOnceEach() {
        Wings.Place hello = add("/hello", "one", 0);
        assertThat(answering).containsOnlyKeys("/hello");
        assertThat(log.take())
                .singleElement()
                .asString()
                .contains("INFO", "HTTP wing answers (path=/hello, bundle=one)");

        wings.remove(hello);
        assertThat(answering).isEmpty();
        assertThat(log.take())
                .singleElement()
                .asString()
                .contains("INFO", "HTTP wing answers no more (path=/hello, bundle=one)");
    }

    @ParameterizedTest
    @CsvSource({"/hello,/hello", "/api/v1,/api/v1/clients", "/api/v1,/api"})
    void add_pathOfAnother_isRefusedAndTakesOverLater(String path, String other) {
        Wings.Place first = add(path, "one", 0);
        log.take();

        Wings.Place second = add(other, "two", 0);
        assertThat(answering).containsOnlyKeys(path);
        assertThat(log.take())
                .singleElement()
                .asString()
                .contains("WARN", other, path, "bundle=two, other=one");

        wings.remove(first);
        assertThat(answering).containsOnlyKeys(other);
        assertThat(log.take())
                .last()
                .asString()
                .contains("HTTP wing answers (path=" + other + ", bundle=two)");

        wings.remove(second);
        assertThat(answering).isEmpty();
    }

    @Test
    void add_higherRanking_takesThePath() {
        add("/api/v1/clients", "one", 0);
        log.take();

        Wings.Place api = add("/api/v1", "api", 1000);
        assertThat(answering).containsOnlyKeys("/api/v1");
        assertThat(log.take()).last().asString().contains("WARN", "bundle=one, other=api");

        wings.remove(api);
        assertThat(answering).containsOnlyKeys("/api/v1/clients");
    }

    @Test
    void add_pathsThatOnlyBeginAlike_bothAnswer() {
        add("/hello", "one", 0);
        add("/hello2", "two", 0);

        assertThat(answering).containsOnlyKeys("/hello", "/hello2");
        assertThat(log.take()).noneMatch(line -> line.contains("WARN"));
    }

    @Test
    void remove_oneThatWaits_saysNothing() {
        add("/hello", "one", 0);
        Wings.Place second = add("/hello", "two", 0);
        add("/other", "three", 0);
        log.take();

        wings.remove(second);

        assertThat(log.take()).isEmpty();
    }

    @Test
    void add_invalidPath_leavesTheOthersAlone() {
        add("/hello", "one", 0);

        assertThatThrownBy(() -> add("hello", "two", 0))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(answering).containsOnlyKeys("/hello");
    }
}
