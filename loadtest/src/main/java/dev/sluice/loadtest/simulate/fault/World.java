package dev.sluice.loadtest.simulate.fault;

import java.util.List;

/** What the parts of one run share. */
interface World {

  Plan plan();

  Agenda agenda();

  Trace trace();

  Tally tally();

  Rig rig();

  Shell gateway();

  List<FakeBackend> backends();

  /** Whether things still go wrong. */
  boolean isStormy();
}
