package dev.sluice.gateway.core.fleet;

/** A kind of hardware. */
public enum AcceleratorKind {
  /** Graphics processing unit. */
  GPU,
  /** Language processing unit. */
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
