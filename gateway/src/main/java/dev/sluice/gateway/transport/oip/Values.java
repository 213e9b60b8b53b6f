package dev.sluice.gateway.transport.oip;

import dev.sluice.gateway.core.request.Reason;
import dev.sluice.gateway.transport.Budgets;
import dev.sluice.gateway.transport.UnreadableException;
import dev.sluice.inference.InferParameter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of a request, each a tensor or a parameter of that name; both only if they are equal.
 *
 * @param tensors by name
 * @param parameters by name
 */
record Values(Map<String, Tensor> tensors, Map<String, InferParameter> parameters) {

  @Nullable Boolean flag(String name) throws UnreadableException {
    Tensor tensor = tensors.get(name);
    InferParameter parameter = parameters.get(name);
    if (parameter != null && !parameter.hasBoolParam()) {
      throw wrong(name, "a boolean");
    }
    return one(
        name,
        tensor == null ? null : tensor.flag(),
        parameter == null ? null : parameter.getBoolParam());
  }

  /** A whole number that is not below {@code least} nor above {@code most}. */
  @Nullable Long whole(String name, long least, long most) throws UnreadableException {
    Tensor tensor = tensors.get(name);
    InferParameter parameter = parameters.get(name);
    Long value =
        one(
            name,
            tensor == null ? null : tensor.whole(),
            parameter == null ? null : whole(name, parameter));
    if (value != null && (value < least || value > most)) {
      throw UnreadableException.malformed(
          "%s: %d (expected: %d to %d)".formatted(name, value, least, most));
    }
    return value;
  }

  private static Long whole(String name, InferParameter parameter) throws UnreadableException {
    return switch (parameter.getParameterChoiceCase()) {
      case INT64_PARAM -> parameter.getInt64Param();
      case UINT64_PARAM -> parameter.getUint64Param();
      case BOOL_PARAM, STRING_PARAM, DOUBLE_PARAM, PARAMETERCHOICE_NOT_SET ->
          throw wrong(name, "a whole number");
    };
  }

  @Nullable Double real(String name) throws UnreadableException {
    Tensor tensor = tensors.get(name);
    InferParameter parameter = parameters.get(name);
    return one(
        name,
        tensor == null ? null : tensor.real(),
        parameter == null ? null : real(name, parameter));
  }

  private static Double real(String name, InferParameter parameter) throws UnreadableException {
    return switch (parameter.getParameterChoiceCase()) {
      case DOUBLE_PARAM -> parameter.getDoubleParam();
      case INT64_PARAM -> (double) parameter.getInt64Param();
      case UINT64_PARAM -> (double) parameter.getUint64Param();
      // before double_param came, there was no other way to say a fraction
      case STRING_PARAM -> number(name, parameter.getStringParam());
      case BOOL_PARAM, PARAMETERCHOICE_NOT_SET -> throw wrong(name, "a number");
    };
  }

  private static double number(String name, String text) throws UnreadableException {
    if (text.matches("-?\\d{1,9}(\\.\\d{1,9})?")) {
      return Double.parseDouble(text);
    }
    throw wrong(name, "a decimal number");
  }

  /** Texts; none if they are not said. */
  List<String> texts(String name) throws UnreadableException {
    Tensor tensor = tensors.get(name);
    String parameter = text(name);
    List<String> fromTensor = tensor == null ? null : tensor.texts();
    List<String> said = one(name, fromTensor, parameter.isEmpty() ? null : List.of(parameter));
    return said == null ? List.of() : said;
  }

  /** The parameter's text; empty if it is not said. */
  String text(String name) throws UnreadableException {
    InferParameter parameter = parameters.get(name);
    if (parameter != null && !parameter.hasStringParam()) {
      throw wrong(name, "a string");
    }
    return parameter == null ? "" : parameter.getStringParam();
  }

  /** The parameter's milliseconds in nanoseconds; 0 if it is not said. */
  long nanosOfMillis(String name) throws UnreadableException {
    InferParameter parameter = parameters.get(name);
    if (parameter == null) {
      return 0;
    }
    return switch (parameter.getParameterChoiceCase()) {
      case DOUBLE_PARAM -> Budgets.nanos(name, Double.toString(parameter.getDoubleParam()));
      case INT64_PARAM -> Budgets.nanos(name, Long.toString(parameter.getInt64Param()));
      case UINT64_PARAM -> Budgets.nanos(name, Long.toUnsignedString(parameter.getUint64Param()));
      case STRING_PARAM -> Budgets.nanos(name, parameter.getStringParam());
      case BOOL_PARAM, PARAMETERCHOICE_NOT_SET ->
          throw new UnreadableException(
              Reason.BUDGET_INVALID,
              name + ": no number (expected: decimal milliseconds above zero)");
    };
  }

  private static <T> @Nullable T one(String name, @Nullable T tensor, @Nullable T parameter)
      throws UnreadableException {
    if (tensor != null && parameter != null && !tensor.equals(parameter)) {
      throw UnreadableException.malformed(
          name + ": the tensor contradicts the parameter (expected: one of them)");
    }
    return tensor != null ? tensor : parameter;
  }

  private static UnreadableException wrong(String name, String expected) {
    return UnreadableException.malformed(
        "parameters[%s]: of another kind (expected: %s)".formatted(name, expected));
  }
}
