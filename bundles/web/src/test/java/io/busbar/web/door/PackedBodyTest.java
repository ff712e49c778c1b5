package io.busbar.web.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackedBodyTest {
    private static byte[] unpacked(PackedBody body) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] piece = body.next(); piece != null; piece = body.next()) {
            assertThat(piece.length).isLessThanOrEqualTo(16 << 10);
            all.write(piece);
        }
        return all.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16_383, 16_384, 16_385, 100_000, PackedBody.MAX_BYTES})
    void anyBody_comesOutAsItWent_evenIfItCannotBeCompressed(int size) throws Exception {
        byte[] body = new byte[size];
        new Random(size).nextBytes(body);

        PackedBody packed = new PackedBody(body);

        assertThat(packed.packedBytes()).isLessThanOrEqualTo(size + size / 100 + 64);
        assertThat(unpacked(packed)).isEqualTo(body);
    }

    @Test
    void rowsOfJson_takeAnEighthAtMost() throws Exception {
        StringBuilder rows = new StringBuilder("[");
        for (int i = 0; i < 500; i++) {
            rows.append("{\"clientId\":\"line-").append(i * 7919 % 1000);
            rows.append("\",\"connected\":true,\"address\":\"10.0.0.").append(i % 250);
            rows.append(":1883\",\"transport\":\"TCP\",\"keepAliveSeconds\":60},");
        }
        byte[] body = rows.toString().getBytes(StandardCharsets.UTF_8);

        assertThat(new PackedBody(body).packedBytes()).isLessThan(body.length / 8);
    }

    @Test
    void closed_givesNothingAnyMore() throws Exception {
        PackedBody packed = new PackedBody(new byte[50_000]);
        packed.next();
        packed.close();

        assertThat(packed.next()).isNull();
    }
}
