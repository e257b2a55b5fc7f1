using System.Globalization;

namespace Snakepit.Measurement.Samples;

/// <summary>Numbers as people read them.</summary>
public static class Figure
{
    /// <summary>Three significant digits, or whole with separators from 100 on.</summary>
    public static string Of(double value) => Math.Abs(value) >= 100
        ? value.ToString("N0", CultureInfo.InvariantCulture)
        : value.ToString("G3", CultureInfo.InvariantCulture);
}
