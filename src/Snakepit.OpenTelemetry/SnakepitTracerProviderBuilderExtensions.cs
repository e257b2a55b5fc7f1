using Snakepit;

namespace OpenTelemetry.Trace;

/// <summary>Adds the traces of pools to OpenTelemetry.</summary>
public static class SnakepitTracerProviderBuilderExtensions
{
    /// <summary>
    /// Collects the activities of all pools of the program (source <c>Snakepit</c>) and of the Python code in their workers (source
    /// <c>Snakepit.Python</c>).
    /// </summary>
    /// <param name="builder">The builder of the application's tracing.</param>
    public static TracerProviderBuilder AddSnakepitInstrumentation(this TracerProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddSource(SnakepitTelemetry.ActivitySourceName, SnakepitTelemetry.PythonActivitySourceName);
    }
}
