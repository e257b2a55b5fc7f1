using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Snakepit;

/// <summary>
/// The names under which pools offer metrics and traces. Pass them to a collector, for example to <c>AddMeter</c> and <c>AddSource</c> of
/// OpenTelemetry.
/// </summary>
public static class SnakepitTelemetry
{
    /// <summary>The name of the <see cref="Meter"/> with the measurements of pools: their workers, queues, calls and sessions.</summary>
    public const string MeterName = "Snakepit";

    /// <summary>The name of the <see cref="ActivitySource"/> with a span for each call, and for each host tool that Python calls.</summary>
    public const string ActivitySourceName = "Snakepit";

    /// <summary>
    /// The name of the <see cref="Meter"/> with what Python tools measure by <c>ctx.metric(…)</c>, and with the number of spans and
    /// measurements that were dropped.
    /// </summary>
    public const string PythonMeterName = "Snakepit.Python";

    /// <summary>The name of the <see cref="ActivitySource"/> with the spans that Python tools make by <c>ctx.span(…)</c>.</summary>
    public const string PythonActivitySourceName = "Snakepit.Python";
}
