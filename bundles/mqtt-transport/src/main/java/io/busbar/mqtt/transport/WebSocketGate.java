package io.busbar.mqtt.transport;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Lets nothing to the WebSocket handshake but what asks for MQTT at the right path; says to
 * everybody else what is here.
 */
final class WebSocketGate extends ChannelInboundHandlerAdapter {
    /**
     * What is offered, in the order of our preference. {@code mqttv3.1} is the name before 3.1.1.
     */
    static final String SUBPROTOCOLS = "mqtt,mqttv3.1";

    private static final Set<String> KNOWN = Set.of("mqtt", "mqttv3.1");

    private final String path;

    WebSocketGate(String path) {
        this.path = path;
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
        } else if (!offersMqtt(request)) {
            // [MQTT5-6.0.0-3] [MQTT311-6.0.0-3]
            refuse(
                    ctx,
                    request,
                    HttpResponseStatus.BAD_REQUEST,
                    "Header Sec-WebSocket-Protocol: mqtt is missing.");
        } else {
            super.channelRead(ctx, message);
        }
    }

    private static String withoutQuery(String uri) {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    private static boolean offersMqtt(FullHttpRequest request) {
        for (String header : request.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL)) {
            for (String name : header.split(",", -1)) {
                if (KNOWN.contains(name.trim())) {
                    return true;
                }
            }
        }
        return false;
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
            response.headers().set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
        }
        ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }
}
