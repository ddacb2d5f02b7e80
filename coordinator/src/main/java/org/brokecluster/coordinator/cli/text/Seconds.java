package org.brokecluster.coordinator.cli.text;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A number of seconds as a user gives it: {@code 3}, {@code 0.5}, {@code 3s}. */
public final class Seconds implements ITypeConverter<Double> {
  @Override
  public Double convert(String text) {
    var number = text.endsWith("s") ? text.substring(0, text.length() - 1).strip() : text;
    if (!number.matches("[0-9]{1,9}([.][0-9]{1,9})?")) {
      throw new TypeConversionException("'" + text + "' is no number of seconds such as 3 or 0.5");
    }
    return Double.valueOf(number);
  }
}
