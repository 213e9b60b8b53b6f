package dev.sluice.backends.oip;

/** See {@link OipContractTest}. */
final class MlserverContractTest extends OipContractTest {
  MlserverContractTest() {
    super(Flavour.MLSERVER);
  }
}
