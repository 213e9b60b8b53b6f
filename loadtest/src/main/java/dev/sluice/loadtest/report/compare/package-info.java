/**
 * Two reports side by side, with intervals and a verdict.
 *
 * <p>Promises: two runs of the same thing are called different in at most 5 % of all comparisons,
 * although requests that are near in time resemble each other (a few hundred requests at 90 % load
 * hang together so much that this takes some thousand); what the reports cannot tell is called
 * undecided and never equal. May see: the JDK, {@code report}, Jackson.
 */
@NullMarked
package dev.sluice.loadtest.report.compare;

import org.jspecify.annotations.NullMarked;
