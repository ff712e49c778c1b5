package io.busbar.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SiteTest {
    private static final Map<String, String> FILES =
            Map.of(
                    "index.html", "<script src=\"./assets/index-1a2b.js\"></script>",
                    "favicon.svg", "<svg/>",
                    "assets/index-1a2b.js", "plain",
                    "assets/index-1a2b.js.br", "brotli",
                    "assets/index-1a2b.js.gz", "gzip");

    /** What a browser accepts. */
    private static final String HTML = "text/html,application/xhtml+xml,*/*;q=0.8";

    private final Site site =
            new Site(
                    name -> {
                        String text = FILES.get(name);
                        return text == null
                                ? null
                                : new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
                    });

    @Test
    void answer_hashedName_isCachedForEver() {
        Site.Answer answer = site.answer("/assets/index-1a2b.js", null, null, null);

        assertThat(text(answer)).isEqualTo("plain");
        assertThat(answer.headers())
                .containsEntry("Cache-Control", "public, max-age=31536000, immutable")
                .containsEntry("Content-Type", "text/javascript; charset=utf-8")
                .containsEntry("Vary", "Accept-Encoding")
                .doesNotContainKey("Content-Encoding");
    }

    @Test
    void answer_clientTakesBrotli_sendsThePackedFile() {
        Site.Answer answer = site.answer("/assets/index-1a2b.js", null, "gzip, deflate, br", null);

        assertThat(text(answer)).isEqualTo("brotli");
        assertThat(answer.headers()).containsEntry("Content-Encoding", "br");
    }

    @Test
    void answer_clientRefusesBrotli_sendsGzip() {
        Site.Answer answer = site.answer("/assets/index-1a2b.js", null, "br;q=0, gzip;q=0.5", null);

        assertThat(text(answer)).isEqualTo("gzip");
        assertThat(answer.headers()).containsEntry("Content-Encoding", "gzip");
    }

    @Test
    void answer_variantsOfAFile_haveTagsOfTheirOwn() {
        String plain = site.answer("/assets/index-1a2b.js", null, null, null).headers().get("ETag");
        String packed =
                site.answer("/assets/index-1a2b.js", null, "br", null).headers().get("ETag");

        assertThat(plain).startsWith("\"").isNotEqualTo(packed);
    }

    @Test
    void answer_pageOfTheApplication_isTheIndexAndAskedForAnew() {
        Site.Answer answer = site.answer("/edge", HTML, null, null);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers())
                .containsEntry("Cache-Control", "no-cache")
                .containsEntry("Content-Type", "text/html; charset=utf-8");
        assertThat(text(answer)).contains("src=\"./assets/index-1a2b.js\"");
    }

    @Test
    void answer_deeperPage_linksUpToTheRoot() {
        assertThat(text(site.answer("/edge/credentials", HTML, null, null)))
                .contains("src=\"../assets/index-1a2b.js\"");
        assertThat(text(site.answer("/a/b/c", HTML, null, null)))
                .contains("src=\"../../assets/index-1a2b.js\"");
    }

    @Test
    void answer_pageForAProgram_isNotFound() {
        for (String accept : new String[] {null, "*/*", "application/json"}) {
            Site.Answer answer = site.answer("/hello", accept, null, null);

            assertThat(answer.status()).isEqualTo(404);
            assertThat(text(answer)).contains("urn:busbar:problem:not-found");
            assertThat(site.answer("/", accept, null, null).status()).isEqualTo(200);
        }
    }

    @Test
    void answer_sameTagAgain_is304WithoutBody() {
        String tag = site.answer("/", null, null, null).headers().get("ETag");

        Site.Answer again = site.answer("/", null, null, "\"other\", W/" + tag);

        assertThat(again.status()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(again.headers()).containsEntry("ETag", tag);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/missing.js",
                "/assets/../index.html.js",
                "/..%2f/x.js",
                "/assets/.hidden.js",
                "/assets/index-1a2b.js.br",
                "/Site.class",
                "//favicon.svg",
                "/assets/index.html/"
            })
    void answer_whatIsNoFileOfTheSite_isNotFoundOrThePage(String path) {
        Site.Answer answer = site.answer(path, HTML, null, null);

        if (path.endsWith("/")) {
            assertThat(answer.headers()).containsEntry("Content-Type", "text/html; charset=utf-8");
        } else {
            assertThat(answer.status()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api", "/api/v1/setup", "/api/v1/openapi.json"})
    void answer_pathOfTheApi_isNeverThePage(String path) {
        Site.Answer answer = site.answer(path, HTML, null, null);

        assertThat(answer.status()).isEqualTo(503);
        assertThat(text(answer)).contains("urn:busbar:problem:unavailable");
    }

    private static String text(Site.Answer answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }
}
