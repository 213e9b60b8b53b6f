package dev.sluice.gateway.transport.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Answers what Jetty itself refuses, in the same form as all else; tells no details. */
final class Errors extends ErrorHandler {

  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int code,
      @Nullable String message,
      @Nullable Throwable cause,
      Callback callback) {
    JsonBytes body = body(code);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length());
    response.write(true, ByteBuffer.wrap(body.toBytes()), callback);
  }

  private static JsonBytes body(int status) {
    return switch (status) {
      case 431 -> error("the headers are too large", "invalid_request_error", "METADATA_TOO_LARGE");
      case 414 -> error("the path is too long", "invalid_request_error", "MALFORMED_REQUEST");
      case 408 -> error("the request came too slowly", "timeout_error", "MALFORMED_REQUEST");
      default ->
          status < 500
              ? error("not a request of HTTP", "invalid_request_error", "MALFORMED_REQUEST")
              : error("the gateway failed; the event is logged", "server_error", "INTERNAL");
    };
  }

  private static JsonBytes error(String message, String type, String code) {
    return ErrorJson.write(new JsonBytes(), message, type, code);
  }
}
