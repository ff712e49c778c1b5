package io.busbar.itests.karaf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The actual addresses of a server, as it writes them into its data folder. */
final class Endpoints {

    private final String json;

    private Endpoints(String json) {
        this.json = json;
    }

    static Path file(Path data) {
        return data.resolve("run/endpoints.json");
    }

    static Endpoints read(Path data) throws IOException {
        return new Endpoints(Files.readString(file(data)));
    }

    int mqtt() {
        return Integer.parseInt(find("mqtt://127\\.0\\.0\\.1:(\\d+)\""));
    }

    int webSocket() {
        return Integer.parseInt(find("ws://127\\.0\\.0\\.1:(\\d+)/mqtt\""));
    }

    /** With a slash at the end. */
    String console() {
        return find("\"console\": \"([^\"]+)\"");
    }

    int http() {
        return Integer.parseInt(find("\"console\": \"http://127\\.0\\.0\\.1:(\\d+)/\""));
    }

    /** The port of a listener. */
    int port(String listener) {
        return Integer.parseInt(find("\"name\": \"" + listener + "\"[^}]*\"port\": (\\d+)"));
    }

    private String find(String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(json);
        if (!matcher.find()) {
            throw new AssertionError("no " + pattern + " in " + json);
        }
        return matcher.group(1);
    }
}
