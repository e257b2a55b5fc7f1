using Microsoft.Extensions.Logging;

namespace Snakepit.Hosting.Telemetry;

/// <summary>All log lines of this package.</summary>
internal static partial class Log
{
    [LoggerMessage(101, LogLevel.Information, "{Pool} is ready after {Milliseconds:0} ms")]
    public static partial void PoolReady(this ILogger logger, string pool, double milliseconds);

    [LoggerMessage(102, LogLevel.Error, "{Pool} could not start. The application goes on without it; the next attempt follows in {Delay}")]
    public static partial void StartRepeated(this ILogger logger, string pool, TimeSpan delay, Exception exception);

    [LoggerMessage(103, LogLevel.Critical, "{Pool} could not start")]
    public static partial void StartFailed(this ILogger logger, string pool, Exception exception);
}
