package dev.sluice.backends.profile;

/** A kind of hardware. */
public enum AcceleratorKind {
  /** Graphics processing unit. */
  GPU,
  /** Language processing unit: SRAM-resident weights, statically scheduled. */
  LPU,
  /** Wafer-scale engine. */
  WAFER,
  /** Tensor processing unit. */
  TPU,
  /** Reconfigurable dataflow unit. */
  RDU,
  /** Neural processing unit. */
  NPU,
  /** Central processing unit. */
  CPU
}
