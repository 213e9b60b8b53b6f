package dev.sluice.gateway.config;

/**
 * One mistake in a configuration file.
 *
 * @param file name of the file
 * @param line from 1
 * @param column from 1
 * @param message the key, its value, what was expected
 */
public record ConfigProblem(String file, int line, int column, String message) {

  @Override
  public String toString() {
    return file + ":" + line + ":" + column + ": " + message;
  }
}
