package io.busbar.itests.soak;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Somebody at the console. Not thread-safe. */
final class Console {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(PATIENCE)
                    .build();
    private final String root;
    private String cookie = "";

    Console(int port) {
        root = "http://127.0.0.1:" + port + "/api/v1";
    }

    HttpResponse<String> send(String method, String path, Object body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(root + path)).timeout(PATIENCE);
        if (!cookie.isEmpty()) {
            request.header("Cookie", cookie);
        }
        if (!method.equals("GET")) {
            request.header("X-Busbar-Request", "1").header("Content-Type", "application/json");
        }
        request.method(
                method,
                body == null
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(new Gson().toJson(body)));
        HttpResponse<String> answer =
                http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        answer.headers()
                .firstValue("Set-Cookie")
                .ifPresent(set -> cookie = set.substring(0, set.indexOf(';')));
        return answer;
    }

    int get(String path) throws IOException, InterruptedException {
        return send("GET", path, null).statusCode();
    }

    int signIn(Account account) throws IOException, InterruptedException {
        return send(
                        "POST",
                        "/auth/login",
                        Map.of("username", account.username(), "password", account.password()))
                .statusCode();
    }

    int signOut() throws IOException, InterruptedException {
        int status = send("POST", "/auth/logout", null).statusCode();
        cookie = "";
        return status;
    }

    /** The JSON of an answer; an empty object if it is not 200. */
    JsonObject read(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = send("GET", path, null);
        return answer.statusCode() == 200
                ? JsonParser.parseString(answer.body()).getAsJsonObject()
                : new JsonObject();
    }

    /** All entries of a list that comes in pages. */
    List<JsonObject> all(String path) throws IOException, InterruptedException {
        List<JsonObject> all = new ArrayList<>();
        for (String cursor = ""; cursor != null; ) {
            JsonObject page = read(path + cursor);
            cursor = null;
            if (page.has("items")) {
                page.getAsJsonArray("items").forEach(item -> all.add(item.getAsJsonObject()));
                JsonElement next = page.get("nextCursor");
                if (next != null && !next.isJsonNull()) {
                    cursor =
                            "&cursor="
                                    + URLEncoder.encode(next.getAsString(), StandardCharsets.UTF_8);
                }
            }
        }
        return all;
    }

    /** Makes a credential with a generated password. */
    Account credential(String name, boolean anyClientId, List<Map<String, String>> rules)
            throws IOException, InterruptedException {
        HttpResponse<String> answer =
                send(
                        "POST",
                        "/credentials",
                        Map.of(
                                "description",
                                name,
                                "clientId",
                                name,
                                "clientIdPolicy",
                                anyClientId ? "ANY" : "EXACT",
                                "acl",
                                rules));
        if (answer.statusCode() != 201) {
            throw new IOException("credential " + name + ": " + answer.body());
        }
        JsonObject made = JsonParser.parseString(answer.body()).getAsJsonObject();
        JsonObject credential = made.getAsJsonObject("credential");
        return new Account(
                credential.get("clientId").getAsString(),
                credential.get("username").getAsString(),
                made.get("password").getAsString());
    }
}
