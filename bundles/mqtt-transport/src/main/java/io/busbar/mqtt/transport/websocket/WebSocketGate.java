package io.busbar.mqtt.transport.websocket;

import io.busbar.mqtt.transport.proxy.ClientAddress;
import io.busbar.mqtt.transport.proxy.TrustedProxies;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Passes only requests for MQTT at the configured path to the WebSocket handshake. Every other HTTP
 * request is answered with a note about what this address is for.
 */
public final class WebSocketGate extends ChannelInboundHandlerAdapter {
    /** Of RFC 6455. */
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /** The better one first; {@code mqttv3.1} is the name before 3.1.1. */
    private static final List<String> KNOWN = List.of("mqtt", "mqttv3.1");

    /** Enough for browsers with their cookies, too little for a header bomb. */
    private static final int LINE_BYTES = 4 << 10;

    private static final int HEADER_BYTES = 16 << 10;
    private static final int BODY_BYTES = 1 << 10;

    private final String path;
    private final Origins origins;
    private final @Nullable TrustedProxies forwarding;

    private WebSocketGate(String path, Origins origins, @Nullable TrustedProxies forwarding) {
        this.path = path;
        this.origins = origins;
        this.forwarding = forwarding;
    }

    /**
     * Puts the handshake, and with it HTTP, at the end of a pipeline.
     *
     * @param path where MQTT is
     * @param origins which pages may connect
     * @param forwarding whose {@code X-Forwarded-For} counts; null for nobody's
     */
    public static void addTo(
            ChannelPipeline pipeline,
            String path,
            Origins origins,
            @Nullable TrustedProxies forwarding) {
        pipeline.addLast(
                new HttpServerCodec(
                        new HttpDecoderConfig()
                                .setMaxInitialLineLength(LINE_BYTES)
                                .setMaxHeaderSize(HEADER_BYTES)),
                new HttpObjectAggregator(BODY_BYTES),
                new WebSocketGate(path, origins, forwarding));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        if (!(message instanceof FullHttpRequest request)) {
            super.channelRead(ctx, message);
            return;
        }
        if (!request.decoderResult().isSuccess()) {
            refuse(ctx, request, HttpResponseStatus.BAD_REQUEST, "Bad request.");
        } else if (!withoutQuery(request.uri()).equals(path)) {
            refuse(ctx, request, HttpResponseStatus.NOT_FOUND, "MQTT over WebSocket is at " + path);
        } else if (request.method() != HttpMethod.GET
                || !request.headers()
                        .contains(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)) {
            refuse(
                    ctx,
                    request,
                    HttpResponseStatus.UPGRADE_REQUIRED,
                    "This is MQTT over WebSocket, not a web page.");
        } else if (!"13".equals(request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_VERSION))
                || !request.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_KEY)) {
            refuse(
                    ctx,
                    request,
                    HttpResponseStatus.UPGRADE_REQUIRED,
                    "WebSocket version 13 is needed.");
        } else if (!origins.allows(
                request.headers().get(HttpHeaderNames.ORIGIN),
                request.headers().get(HttpHeaderNames.HOST))) {
            refuse(
                    ctx,
                    request,
                    HttpResponseStatus.FORBIDDEN,
                    "Pages of this origin may not connect: see allowed.origins of the listener.");
        } else {
            String subprotocol = subprotocol(request);
            if (subprotocol == null) {
                // [MQTT5-6.0.0-3] [MQTT311-6.0.0-3]
                refuse(
                        ctx,
                        request,
                        HttpResponseStatus.BAD_REQUEST,
                        "Header Sec-WebSocket-Protocol: mqtt is missing.");
            } else {
                accept(ctx, request, subprotocol);
            }
        }
    }

    /**
     * Answers, then leaves the pipeline to the frames; bytes behind the request go there as well.
     */
    private void accept(ChannelHandlerContext ctx, FullHttpRequest request, String subprotocol) {
        DefaultFullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.SWITCHING_PROTOCOLS,
                        Unpooled.EMPTY_BUFFER);
        response.headers()
                .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
                .set(
                        HttpHeaderNames.SEC_WEBSOCKET_ACCEPT,
                        answer(request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_KEY)))
                // [MQTT5-6.0.0-4] [MQTT311-6.0.0-4]
                .set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, subprotocol);
        List<String> forwarded = request.headers().getAll("X-Forwarded-For");
        ReferenceCountUtil.release(request);
        ctx.writeAndFlush(response, ctx.voidPromise());
        ChannelPipeline pipeline = ctx.pipeline();
        pipeline.addAfter(ctx.name(), null, new WebSocketFrames());
        pipeline.remove(HttpObjectAggregator.class);
        TrustedProxies proxies = forwarding;
        if (proxies != null
                && !forwarded.isEmpty()
                && ctx.channel().remoteAddress() instanceof InetSocketAddress peer) {
            ctx.fireUserEventTriggered(new ClientAddress(proxies.client(forwarded, peer)));
        }
        ctx.fireUserEventTriggered(WebSocketFrames.OPEN);
        pipeline.remove(this);
        pipeline.remove(HttpServerCodec.class);
    }

    /** Proves that we understood the handshake: RFC 6455, section 4.2.2. */
    private static String answer(String key) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            byte[] digest = sha1.digest((key.trim() + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-1 is part of every JDK", e);
        }
    }

    private static String withoutQuery(String uri) {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    /** The first that the client offers and we know, or null. */
    private static @Nullable String subprotocol(FullHttpRequest request) {
        List<String> offered =
                request.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL).stream()
                        .flatMap(header -> Stream.of(header.split(",", -1)))
                        .map(String::trim)
                        .toList();
        return KNOWN.stream().filter(offered::contains).findFirst().orElse(null);
    }

    private static void refuse(
            ChannelHandlerContext ctx,
            FullHttpRequest request,
            HttpResponseStatus status,
            String text) {
        ReferenceCountUtil.release(request);
        FullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        status,
                        Unpooled.copiedBuffer(text + "\n", StandardCharsets.UTF_8));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes())
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        if (status.equals(HttpResponseStatus.UPGRADE_REQUIRED)) {
            response.headers()
                    .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
                    .set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, "13");
        }
        ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }
}
