using System.Globalization;

namespace Snakepit.Measurement.Samples;

/// <summary>Formats numbers for reports.</summary>
public static class ShortNumber
{
    /// <summary>
    /// Formats a number below 100 with three significant digits, and a larger number as a whole number with thousands separators.
    /// </summary>
    public static string Format(double value) => Math.Abs(value) >= 100
        ? value.ToString("N0", CultureInfo.InvariantCulture)
        : value.ToString("G3", CultureInfo.InvariantCulture);
}
