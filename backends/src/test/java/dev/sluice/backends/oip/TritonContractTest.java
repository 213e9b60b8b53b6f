package dev.sluice.backends.oip;

/** See {@link OipContractTest}. */
final class TritonContractTest extends OipContractTest {
  TritonContractTest() {
    super(Flavour.TRITON);
  }
}
