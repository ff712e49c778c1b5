package io.busbar.itests.karaf;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** A browser without a screen. */
final class Console {
    private final String address;
    private final HttpClient http =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

    Console(String address) {
        this.address = address;
    }

    void signIn(String username, String password) throws Exception {
        JsonObject body = new JsonObject();
        body.addProperty("username", username);
        body.addProperty("password", password);
        HttpResponse<String> response =
                http.send(
                        HttpRequest.newBuilder(URI.create(address + "api/v1/auth/login"))
                                .header("Content-Type", "application/json")
                                .header("X-Busbar-Request", "1")
                                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertTrue(response.body(), response.statusCode() < 300);
    }

    JsonObject post(String path) throws Exception {
        return post(path, "application/json", "");
    }

    JsonObject post(String path, String type, String body) throws Exception {
        HttpResponse<String> response =
                http.send(
                        HttpRequest.newBuilder(URI.create(address + path))
                                .header("Content-Type", type)
                                .header("X-Busbar-Request", "1")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertTrue(response.body(), response.statusCode() < 300);
        return JsonParser.parseString(response.body()).getAsJsonObject();
    }

    String get(String path) throws Exception {
        return JsonParser.parseString(text(path)).toString();
    }

    String text(String path) throws Exception {
        HttpResponse<String> response = ask(path);
        assertEquals(response.body(), 200, response.statusCode());
        return response.body();
    }

    /** How the server is: 200 or 503, and what it finds. */
    HttpResponse<String> health() throws Exception {
        return ask("api/v1/health/ready");
    }

    private HttpResponse<String> ask(String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(address + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
