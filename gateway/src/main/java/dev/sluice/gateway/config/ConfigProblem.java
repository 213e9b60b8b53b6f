package dev.sluice.gateway.config;

public record ConfigProblem(String file, int line, int column, String message) {}
