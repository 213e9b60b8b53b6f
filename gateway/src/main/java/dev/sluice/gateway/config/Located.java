package dev.sluice.gateway.config;

import org.snakeyaml.engine.v2.nodes.Node;

/** A value and where it stands, for checks that need more than the value itself. */
record Located<T>(T value, Node node) {}
