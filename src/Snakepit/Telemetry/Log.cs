using Microsoft.Extensions.Logging;

namespace Snakepit.Telemetry;

/// <summary>All log messages of pools and templates.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "{Workers} workers are ready after {Milliseconds:F0} ms ({Adapter})")]
    public static partial void PoolReady(this ILogger logger, int workers, double milliseconds, string adapter);

    [LoggerMessage(2, LogLevel.Information, "Pool stopped after {Milliseconds:F0} ms")]
    public static partial void PoolStopped(this ILogger logger, double milliseconds);

    [LoggerMessage(EventId = 3, Message = "Worker {Worker}: {Line}")]
    public static partial void WorkerOutput(this ILogger logger, LogLevel level, int worker, string line);

    [LoggerMessage(EventId = 4, Message = "Template: {Line}")]
    public static partial void TemplateOutput(this ILogger logger, LogLevel level, string line);

    [LoggerMessage(5, LogLevel.Warning, "Worker {Worker} was lost: {Reason}. Its successor starts in {Delay}")]
    public static partial void WorkerLost(this ILogger logger, int worker, string reason, TimeSpan delay);

    [LoggerMessage(6, LogLevel.Error, "A worker could not be started. The next attempt follows in {Delay}")]
    public static partial void WorkerStartFailed(this ILogger logger, TimeSpan delay, Exception exception);

    [LoggerMessage(7, LogLevel.Warning,
        "The template cannot be forked: {Threads} threads are alive after prepare(). Workers are spawned instead, which is slower and "
        + "shares no memory. Start threads in the adapter's start(), or set WorkerStart.Spawn to silence this warning")]
    public static partial void FallsBackToSpawn(this ILogger logger, uint threads);

    [LoggerMessage(8, LogLevel.Warning, "The template process was lost ({Exit}), and its workers with it. A new one starts")]
    public static partial void TemplateLost(this ILogger logger, string exit);

    [LoggerMessage(9, LogLevel.Warning,
        "Worker {Worker} did not stop tool '{Tool}' within {Grace} after its cancellation. The worker is replaced, and killed as soon "
        + "as it runs no other call")]
    public static partial void CancellationIgnored(this ILogger logger, int worker, string tool, TimeSpan grace);

    [LoggerMessage(10, LogLevel.Warning, "Worker {Worker} did not end within {Timeout}. It is sent {Signal}")]
    public static partial void StopsByForce(this ILogger logger, int worker, TimeSpan timeout, string signal);

    [LoggerMessage(11, LogLevel.Critical,
        "A background task of the pool failed, which is a defect of Snakepit. A worker may not be watched or replaced any more. Restart "
        + "the pool and report this exception")]
    public static partial void BackgroundFailed(this ILogger logger, Exception exception);

    [LoggerMessage(12, LogLevel.Warning, "Worker {Worker} has missed {Missed} heartbeats, {Interval} apart. It is killed and replaced")]
    public static partial void HeartbeatsMissed(this ILogger logger, int worker, int missed, TimeSpan interval);

    [LoggerMessage(13, LogLevel.Information, "Worker {Worker} is recycled: {Reason}")]
    public static partial void WorkerRecycled(this ILogger logger, int worker, string reason);

    [LoggerMessage(14, LogLevel.Warning, "Host tool '{Tool}' failed")]
    public static partial void HostToolFailed(this ILogger logger, string tool, Exception exception);

    [LoggerMessage(15, LogLevel.Warning,
        "A signal has stopped the template process: it was found stopped at {Missed} heartbeats, {Interval} apart. It is killed together "
        + "with its workers, and all are replaced")]
    public static partial void TemplateStopped(this ILogger logger, int missed, TimeSpan interval);

    [LoggerMessage(16, LogLevel.Warning, "Worker {Worker} was lost while it was being replaced: {Reason}")]
    public static partial void WorkerLostWhileReplaced(this ILogger logger, int worker, string reason);

    [LoggerMessage(17, LogLevel.Warning, "{Count} lines of worker output were dropped, because the logger could not keep up")]
    public static partial void LinesDropped(this ILogger logger, long count);

    [LoggerMessage(18, LogLevel.Warning,
        "Worker {Worker} did not list its tools, not even within {Grace} after the caller had given up. It is replaced, and killed as "
        + "soon as it runs no other call")]
    public static partial void ListingIgnored(this ILogger logger, int worker, TimeSpan grace);

    [LoggerMessage(19, LogLevel.Warning, "Processes that a worker has started may still be running: {Reason}")]
    public static partial void OrphansRemain(this ILogger logger, string reason);

    [LoggerMessage(20, LogLevel.Debug,
        "A cancelled call of tool '{Tool}' was interrupted in worker {Worker}, or must be. The worker is replaced, and ends when it runs "
        + "no other call")]
    public static partial void WorkerInterrupted(this ILogger logger, int worker, string tool);

    [LoggerMessage(21, LogLevel.Warning,
        "The working directory of this program was deleted. A Python process starts in '{Directory}' instead")]
    public static partial void WorkingDirectoryDeleted(this ILogger logger, string directory);

    [LoggerMessage(22, LogLevel.Warning,
        "Worker {Worker} and this process cannot share memory, because the system allows no memory files (memfd_create) or hides "
        + "/proc/PID/fd. Large arrays travel in frames instead, which takes longer")]
    public static partial void MemoryNotShared(this ILogger logger, int worker);

    [LoggerMessage(23, LogLevel.Information, "The Python environment of '{Requirements}' is made in '{Directory}', which may take minutes")]
    public static partial void EnvironmentBegun(this ILogger logger, string requirements, string directory);

    [LoggerMessage(24, LogLevel.Information, "The Python environment of '{Requirements}' is ready after {Milliseconds:F0} ms")]
    public static partial void EnvironmentMade(this ILogger logger, string requirements, double milliseconds);

    [LoggerMessage(25, LogLevel.Information, "The start waits, because the Python environment in '{Directory}' is being made already")]
    public static partial void EnvironmentAwaited(this ILogger logger, string directory);
}
