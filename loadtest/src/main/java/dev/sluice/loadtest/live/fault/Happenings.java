package dev.sluice.loadtest.live.fault;

import dev.sluice.loadtest.report.FaultRecord;
import dev.sluice.loadtest.report.Timeline;
import java.util.ArrayList;
import java.util.List;

/**
 * The faults that were done so far. A fault is entered before it is done, so that no answer can
 * show it earlier.
 */
final class Happenings {

  private final Object lock = new Object();
  private final List<FaultRecord> faults = new ArrayList<>(); // guarded by lock
  private volatile int count;
  private volatile long startNanos;

  /** Times count from here. */
  void startAt(long startNanos) {
    this.startNanos = startNanos;
  }

  long sinceStart() {
    return System.nanoTime() - startNanos;
  }

  /** Enters a fault that begins now; returns its place. */
  int begin(String kind, String backend, String detail) {
    synchronized (lock) {
      faults.add(new FaultRecord(kind, backend, detail, sinceStart(), Timeline.NEVER));
      count = faults.size();
      return faults.size() - 1;
    }
  }

  /** Enters that a fault is over. */
  void end(int place) {
    end(place, "");
  }

  /** Enters that a fault did not come about. */
  void failed(int place) {
    end(place, " could not be carried out");
  }

  private void end(int place, String remark) {
    synchronized (lock) {
      FaultRecord fault = faults.get(place);
      String detail = (fault.detail() + remark).strip();
      faults.set(
          place,
          new FaultRecord(fault.kind(), fault.backend(), detail, fault.atNanos(), sinceStart()));
    }
  }

  /** How many there were; cheap. */
  int count() {
    return count;
  }

  List<FaultRecord> all() {
    synchronized (lock) {
      return List.copyOf(faults);
    }
  }
}
