package io.busbar.mqtt.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;

/**
 * Frames to bytes and back. MQTT's packets and WebSocket's frames know nothing of each other: a
 * packet may span frames, a frame may hold many packets [MQTT5-6.0.0-2] [MQTT311-6.0.0-2].
 */
final class WebSocketFrames extends ChannelDuplexHandler {
    private boolean refused;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        if (refused) {
            ReferenceCountUtil.release(message);
        } else if (message instanceof BinaryWebSocketFrame
                || message instanceof ContinuationWebSocketFrame) {
            super.channelRead(ctx, ((WebSocketFrame) message).content());
        } else {
            // Binary frames only [MQTT5-6.0.0-1] [MQTT311-6.0.0-1].
            refused = true;
            ReferenceCountUtil.release(message);
            ctx.writeAndFlush(
                            new CloseWebSocketFrame(
                                    WebSocketCloseStatus.INVALID_MESSAGE_TYPE,
                                    "MQTT needs binary frames"))
                    .addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise)
            throws Exception {
        if (message instanceof ByteBuf bytes) {
            if (bytes.isReadable()) {
                ctx.write(new BinaryWebSocketFrame(bytes), promise);
            } else {
                // An empty buffer only asks to be told when all before it is written.
                ctx.write(bytes, promise);
            }
        } else {
            super.write(ctx, message, promise);
        }
    }
}
