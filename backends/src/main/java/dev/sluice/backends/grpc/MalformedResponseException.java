package dev.sluice.backends.grpc;

/** A response is not what the protocol allows. */
public final class MalformedResponseException extends Exception {

  private final String what;

  /** Says {@code what} is wrong: names, types and numbers, never a text of the answer. */
  public MalformedResponseException(String what) {
    super(what, null, false, false); // nobody looks at the stack, and a flood of these may come
    this.what = what;
  }

  /** What is wrong. */
  public String what() {
    return what;
  }
}
