package dev.sluice.loadtest.live;

import com.google.protobuf.CodedOutputStream;
import dev.sluice.loadtest.workload.Budget;
import dev.sluice.loadtest.workload.PrefixBlocks;
import dev.sluice.loadtest.workload.ScheduledRequest;
import dev.sluice.loadtest.workload.ServiceClass;
import dev.sluice.v1.GenerateRequest;
import dev.sluice.v1.Hints;
import dev.sluice.v1.Sampling;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Encoder of requests, cheap enough for the pacing thread.
 *
 * <p>Every token id is drawn from 128 … 16 383, so that it takes two bytes on the wire and a prompt
 * is a slice of one random pool. Its first ids are replaced by the identity of prompt or block, so
 * that exactly those prompts share a prefix that are meant to.
 */
final class RequestEncoder {
  /** Half a million ids: the pool stays in the cache of a core's neighbourhood. */
  private static final int POOL_TOKENS = 1 << 19;

  private static final int TOKENS_FIELD_TAG = 4 << 3 | 2;
  private static final int IDS_FIELD_TAG = 1 << 3 | 2;
  private static final int IDENTITY_BITS = 13;
  private static final int IDENTITY_TOKENS = 5;

  private final byte[] pool = new byte[2 * POOL_TOKENS];
  private final String label;
  private final Map<String, GenerateRequest> templates = new HashMap<>();

  /** An encoder whose request ids begin with {@code label}. */
  RequestEncoder(String model, List<ServiceClass> classes, long seed, String label) {
    this.label = label;
    SplittableRandom random = new SplittableRandom(seed);
    for (int token = 0; token < POOL_TOKENS; token++) {
      putToken(pool, 2 * token, random.nextInt(128, 1 << 14));
    }
    for (ServiceClass each : classes) {
      templates.put(each.name(), template(model, each));
    }
  }

  private static GenerateRequest template(String model, ServiceClass serviceClass) {
    Budget budget = serviceClass.budget();
    dev.sluice.v1.Budget.Builder message = dev.sluice.v1.Budget.newBuilder();
    if (budget.ttftNanos() > 0) {
      message.setTimeToFirstToken(ProtoTimes.toProto(budget.ttftNanos()));
    }
    if (budget.tpotNanos() > 0) {
      message.setTimePerOutputToken(ProtoTimes.toProto(budget.tpotNanos()));
    }
    if (budget.totalNanos() > 0) {
      message.setTotal(ProtoTimes.toProto(budget.totalNanos()));
    }
    return GenerateRequest.newBuilder()
        .setModel(model)
        .setServiceClass(serviceClass.name())
        .setBudget(message)
        .buildPartial();
  }

  byte[] encode(ScheduledRequest request) {
    GenerateRequest head =
        templates
            .getOrDefault(request.serviceClass().name(), GenerateRequest.getDefaultInstance())
            .toBuilder()
            .setSampling(Sampling.newBuilder().setMaxOutputTokens(request.outputTokens()))
            .setHints(Hints.newBuilder().setExpectedOutputTokens(request.outputTokens()))
            .setRequestId(label + request.index())
            .build();
    int idBytes = 2 * request.inputTokens();
    int idsField = 1 + CodedOutputStream.computeUInt32SizeNoTag(idBytes) + idBytes;
    int tokensField = 1 + CodedOutputStream.computeUInt32SizeNoTag(idsField) + idsField;
    byte[] message = new byte[head.getSerializedSize() + tokensField];
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(message);
      head.writeTo(out);
      out.writeUInt32NoTag(TOKENS_FIELD_TAG);
      out.writeUInt32NoTag(idsField);
      out.writeUInt32NoTag(IDS_FIELD_TAG);
      out.writeUInt32NoTag(idBytes);
    } catch (IOException e) {
      throw new UncheckedIOException("the computed size is wrong", e);
    }
    fillPrompt(message, message.length - idBytes, request);
    return message;
  }

  private void fillPrompt(byte[] message, int start, ScheduledRequest request) {
    PrefixBlocks prefix = request.prefix();
    if (prefix.size() == 0) {
      fill(message, start, request.inputTokens(), request.seed(), identityOf(request.index(), -1));
      return;
    }
    for (int block = 0; block < prefix.size(); block++) {
      int first = block * PrefixBlocks.BLOCK_TOKENS;
      int tokens = Math.min(PrefixBlocks.BLOCK_TOKENS, request.inputTokens() - first);
      long identity = identityOf(prefix.id(block), prefix.space());
      fill(message, start + 2 * first, tokens, identity * 0x9E3779B97F4A7C15L, identity);
    }
  }

  private static long identityOf(int id, int space) {
    return ((long) space + 1) << 32 | (id & 0xFFFF_FFFFL);
  }

  private void fill(byte[] message, int start, int tokens, long draw, long identity) {
    int from = (int) Math.floorMod(draw >>> 16, (long) POOL_TOKENS);
    for (int done = 0; done < tokens; ) {
      int run = Math.min(tokens - done, POOL_TOKENS - from);
      System.arraycopy(pool, 2 * from, message, start + 2 * done, 2 * run);
      done += run;
      from = 0;
    }
    for (int token = 0; token < Math.min(tokens, IDENTITY_TOKENS); token++) {
      int piece = (int) (identity >>> (IDENTITY_BITS * token)) & ((1 << IDENTITY_BITS) - 1);
      putToken(message, start + 2 * token, 1 << IDENTITY_BITS | piece);
    }
  }

  private static void putToken(byte[] target, int at, int id) {
    target[at] = (byte) ((id & 0x7F) | 0x80);
    target[at + 1] = (byte) (id >>> 7);
  }
}
