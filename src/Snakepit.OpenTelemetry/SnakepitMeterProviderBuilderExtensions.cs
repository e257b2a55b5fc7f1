using Snakepit;

namespace OpenTelemetry.Metrics;

/// <summary>Adds the metrics of pools to OpenTelemetry.</summary>
public static class SnakepitMeterProviderBuilderExtensions
{
    /// <summary>
    /// Collects the metrics of all pools of the program (meter <c>Snakepit</c>) and of the Python code in their workers (meter
    /// <c>Snakepit.Python</c>).
    /// </summary>
    /// <param name="builder">The builder of the application's metrics.</param>
    public static MeterProviderBuilder AddSnakepitInstrumentation(this MeterProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddMeter(SnakepitTelemetry.MeterName, SnakepitTelemetry.PythonMeterName);
    }
}
