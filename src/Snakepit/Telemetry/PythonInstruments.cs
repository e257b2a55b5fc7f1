using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Snakepit.Protocol.V1;

namespace Snakepit.Telemetry;

/// <summary>The instruments that take what Python tools measure: one histogram for each name, up to a limit.</summary>
internal static partial class PythonInstruments
{
    /// <summary>
    /// The maximum number of names in this process. Instruments cannot be removed, so that a name made from a customer's number would fill
    /// the memory.
    /// </summary>
    public const int MostNames = 200;

    private const string OwnPrefix = "snakepit.";

    private static readonly Meter Meter = new(SnakepitTelemetry.PythonMeterName, Instruments.Version);
    private static readonly ConcurrentDictionary<string, Histogram<double>> ByName = new(StringComparer.OrdinalIgnoreCase);

    private static readonly Counter<long> Dropped = Meter.CreateCounter<long>(
        "snakepit.python.dropped", "{item}", "The number of spans and measurements of Python tools that were dropped.");

    /// <summary>
    /// Whether anybody listens to what Python tools measure. The counter of what was dropped stands for all instruments of the meter,
    /// because the others do not exist before the first measurement.
    /// </summary>
    public static bool AreListenedTo => Dropped.Enabled;

    /// <summary>Records a measurement. Returns false if it is dropped, because its name, unit or value is not allowed.</summary>
    public static bool Record(Measurement measurement, KeyValuePair<string, object?> pool)
    {
        if (!double.IsFinite(measurement.Value) || InstrumentOf(measurement.Name, measurement.Unit) is not { } histogram)
        {
            return false;
        }

        histogram.Record(measurement.Value, [pool, .. Attributes.Of(measurement.Attributes)]);
        return true;
    }

    /// <summary>Counts what was dropped.</summary>
    public static void CountDropped(long spans, long measurements, KeyValuePair<string, object?> pool)
    {
        if (spans > 0)
        {
            Dropped.Add(spans, pool, new(TagNames.DroppedKind, "span"));
        }

        if (measurements > 0)
        {
            Dropped.Add(measurements, pool, new(TagNames.DroppedKind, "measurement"));
        }
    }

    private static Histogram<double>? InstrumentOf(string name, string unit)
    {
        if (!ByName.TryGetValue(name, out var histogram))
        {
            if (ByName.Count >= MostNames
                || !AllowedName().IsMatch(name)
                || name.StartsWith(OwnPrefix, StringComparison.OrdinalIgnoreCase))
            {
                return null;
            }

            histogram = ByName.GetOrAdd(name, static (name, unit) => Meter.CreateHistogram<double>(name, unit), unit);
        }

        return histogram.Unit == unit ? histogram : null; // values of two units must not be added up
    }

    // OpenTelemetry's rule for the names of instruments.
    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_.\-/]{0,254}\z", RegexOptions.CultureInvariant)]
    private static partial Regex AllowedName();
}
