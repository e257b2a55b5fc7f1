using System.Globalization;

namespace Snakepit.Measurement.Samples;

/// <summary>Rounding to a number of significant digits.</summary>
public static class SignificantDigits
{
    /// <summary>A number with as many significant digits as a baseline keeps.</summary>
    public static double Rounded(double value, int digits) =>
        double.Parse(value.ToString($"G{digits}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
