/**
 * The operators' listener: metrics, health, fleet. May see: {@code core}, {@code call}, {@code
 * config}.
 */
@NullMarked
package dev.sluice.gateway.admin;

import org.jspecify.annotations.NullMarked;
