package dev.sluice.backends.oip;

/** A response is not what the protocol allows. */
final class MalformedResponseException extends Exception {

  private final String what;

  /** Says {@code what} is wrong: names, types and numbers, never a text of the answer. */
  MalformedResponseException(String what) {
    super(what, null, false, false); // nobody looks at the stack, and a flood of these may come
    this.what = what;
  }

  String what() {
    return what;
  }
}
