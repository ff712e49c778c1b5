package io.busbar.web.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The console's files and the answer to each request for one, free of any servlet. Files are read
 * once and kept: they are few and part of the bundle. Thread-safe.
 *
 * <p>Names with a hash never change and are cached for ever; everything else is asked for anew with
 * its entity tag. A path without a dot is a page of the application. For clients that accept HTML
 * it is answered with {@code index.html}, whose relative links are adapted to the depth of the
 * path, so that the console also works below a reverse proxy's prefix.
 */
final class Site {
    private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*");
    private static final String INDEX = "index.html";
    private static final String IMMUTABLE = "public, max-age=31536000, immutable";
    private static final String ASK_AGAIN = "no-cache";

    private static final Map<String, String> TYPES =
            Map.ofEntries(
                    Map.entry("html", "text/html; charset=utf-8"),
                    Map.entry("js", "text/javascript; charset=utf-8"),
                    Map.entry("css", "text/css; charset=utf-8"),
                    Map.entry("svg", "image/svg+xml"),
                    Map.entry("png", "image/png"),
                    Map.entry("ico", "image/x-icon"),
                    Map.entry("json", "application/json"),
                    Map.entry("txt", "text/plain; charset=utf-8"),
                    Map.entry("woff2", "font/woff2"));

    /** A stored file, or a page made from one. */
    private record Content(byte[] bytes, String etag) {}

    /**
     * What to send.
     *
     * @param body empty for 304 and errors without text
     */
    record Answer(int status, Map<String, String> headers, byte[] body) {}

    private final Function<String, @Nullable InputStream> open;
    private final Map<String, Optional<Content>> contents = new ConcurrentHashMap<>();

    /**
     * @param open opens a file by its path inside the site, e.g. {@code assets/index-1a2b.js}; null
     *     if there is none
     */
    Site(Function<String, @Nullable InputStream> open) {
        this.open = open;
    }

    /**
     * Answers a GET or HEAD.
     *
     * @param path decoded path of the request, with its leading slash
     * @param accept the header, or null
     * @param acceptEncoding the header, or null
     * @param ifNoneMatch the header, or null
     */
    Answer answer(
            String path,
            @Nullable String accept,
            @Nullable String acceptEncoding,
            @Nullable String ifNoneMatch) {
        if (path.equals("/api") || path.startsWith("/api/")) {
            // Only reached while no API is deployed: never the application's page for a program.
            return problem(503, "unavailable", "The API is not running.");
        }
        String last = path.substring(path.lastIndexOf('/') + 1);
        if (path.equals("/") || path.equals("/" + INDEX)) {
            return page(path, ifNoneMatch);
        }
        if (!last.contains(".")) {
            // A browser names HTML. Any other program learns that nobody serves this path.
            return accept != null && accept.contains("text/html")
                    ? page(path, ifNoneMatch)
                    : problem(404, "not-found", "There is nothing at this path.");
        }
        return isSafe(path)
                ? file(path.substring(1), acceptEncoding, ifNoneMatch)
                : problem(404, "not-found", "There is no such file.");
    }

    private Answer page(String path, @Nullable String ifNoneMatch) {
        int depth = (int) path.chars().filter(c -> c == '/').count() - 1;
        if (depth > 32) {
            return problem(404, "not-found", "There is no such page.");
        }
        Optional<Content> page =
                contents.computeIfAbsent(INDEX + "@" + depth, name -> index(depth));
        if (page.isEmpty()) {
            return problem(404, "not-found", "The console was built without its application.");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", TYPES.get("html"));
        headers.put("Cache-Control", ASK_AGAIN);
        headers.put("Vary", "Accept");
        return send(page.get(), headers, ifNoneMatch);
    }

    /** The page whose relative links lead from the given depth back to the console's root. */
    private Optional<Content> index(int depth) {
        return read(INDEX)
                .map(
                        bytes -> {
                            String html = new String(bytes, StandardCharsets.UTF_8);
                            String up = depth == 0 ? "./" : "../".repeat(depth);
                            return content(
                                    html.replace("=\"./", "=\"" + up)
                                            .getBytes(StandardCharsets.UTF_8));
                        });
    }

    private Answer file(
            String name, @Nullable String acceptEncoding, @Nullable String ifNoneMatch) {
        Map<String, String> headers = new LinkedHashMap<>();
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null) {
            // Also keeps the pre-compressed variants from being asked for by name.
            return problem(404, "not-found", "There is no such file.");
        }
        headers.put("Content-Type", type);
        headers.put("Cache-Control", name.startsWith("assets/") ? IMMUTABLE : ASK_AGAIN);
        headers.put("Vary", "Accept-Encoding");
        for (String[] variant : new String[][] {{"br", ".br"}, {"gzip", ".gz"}}) {
            if (accepts(acceptEncoding, variant[0])) {
                Optional<Content> packed = stored(name + variant[1]);
                if (packed.isPresent()) {
                    headers.put("Content-Encoding", variant[0]);
                    return send(packed.get(), headers, ifNoneMatch);
                }
            }
        }
        return stored(name)
                .map(content -> send(content, headers, ifNoneMatch))
                .orElseGet(() -> problem(404, "not-found", "There is no such file."));
    }

    private static Answer send(
            Content content, Map<String, String> headers, @Nullable String ifNoneMatch) {
        headers.put("ETag", content.etag);
        boolean known = ifNoneMatch != null && matches(ifNoneMatch, content.etag);
        return known
                ? new Answer(304, headers, new byte[0])
                : new Answer(200, headers, content.bytes);
    }

    private static boolean matches(String ifNoneMatch, String etag) {
        for (String tag : ifNoneMatch.split(",")) {
            String bare = tag.strip();
            if (bare.equals("*") || bare.equals(etag) || bare.equals("W/" + etag)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the client takes an encoding: named without {@code q=0}. */
    private static boolean accepts(@Nullable String acceptEncoding, String encoding) {
        if (acceptEncoding == null) {
            return false;
        }
        for (String part : acceptEncoding.toLowerCase(Locale.ROOT).split(",")) {
            String[] pieces = part.strip().split(";");
            if (pieces[0].strip().equals(encoding)) {
                return pieces.length == 1 || !pieces[1].replace(" ", "").matches("q=0(\\.0{0,3})?");
            }
        }
        return false;
    }

    /**
     * Whether every level of a path is a plain name: no dot first, nothing that a file system
     * reads.
     */
    private static boolean isSafe(String path) {
        for (String level : path.substring(1).split("/", -1)) {
            if (!SAFE.matcher(level).matches()) {
                return false;
            }
        }
        return true;
    }

    private static Answer problem(int status, String type, String detail) {
        String body =
                "{\"type\":\"urn:busbar:problem:"
                        + type
                        + "\",\"title\":\""
                        + detail
                        + "\",\"status\":"
                        + status
                        + "}";
        return new Answer(
                status,
                Map.of("Content-Type", "application/problem+json", "Cache-Control", "no-store"),
                body.getBytes(StandardCharsets.UTF_8));
    }

    private Optional<Content> stored(String name) {
        Optional<Content> known = contents.get(name);
        if (known != null) {
            return known;
        }
        Optional<Content> found = read(name).map(Site::content);
        // Absence is not kept: names that do not exist are without number.
        if (found.isPresent()) {
            contents.put(name, found);
        }
        return found;
    }

    private Optional<byte[]> read(String name) {
        try (InputStream in = open.apply(name)) {
            return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Content content(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return new Content(
                    bytes, '"' + HexFormat.of().formatHex(digest).substring(0, 32) + '"');
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }
}
