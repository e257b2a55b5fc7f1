using System.Globalization;

namespace Snakepit.Measurement.Samples;

/// <summary>Rounds numbers to a given number of significant digits.</summary>
internal static class SignificantDigits
{
    /// <summary>Returns the value rounded to <paramref name="digits"/> significant digits.</summary>
    public static double Rounded(double value, int digits) =>
        double.Parse(value.ToString($"G{digits}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
