package dev.sluice.gateway.core.selection;

/** Why a deployment of the model can not serve a request. */
public enum Exclusion {
  /** No connection. */
  UNREACHABLE,
  /** An earlier attempt of this request failed there. */
  TRIED,
  /** Its region is not among those allowed. */
  REGION,
  /** Prompt and answer do not fit its context. */
  CONTEXT,
  /** Its estimated cost is above the request's limit. */
  COST
}
