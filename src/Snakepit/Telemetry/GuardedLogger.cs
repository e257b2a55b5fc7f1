using Microsoft.Extensions.Logging;

namespace Snakepit.Telemetry;

/// <summary>
/// Wraps the application's logger and swallows its exceptions. The pool logs in the middle of its own work, where an exception of the
/// logger must not fail a call or lose a worker.
/// </summary>
internal sealed class GuardedLogger(ILogger logger) : ILogger
{
    [ThreadStatic]
    private static int _depth;

    /// <summary>
    /// Throws if the calling code runs inside the application's logger. A pool or template must not be disposed there, because its disposal
    /// waits for the pool's work, and that work waits for the logger to return.
    /// </summary>
    /// <exception cref="InvalidOperationException">The calling code runs while the application's logger writes a log entry.</exception>
    public static void RequireNotLogging()
    {
        if (_depth > 0)
        {
            throw new InvalidOperationException(
                "A logger must not dispose a pool or template while the logger writes a log entry: the disposal waits for the logger to "
                + "return. Dispose the pool or template in another task.");
        }
    }

    /// <summary>Creates the application's logger for a category and wraps it.</summary>
    public static ILogger Create(ILoggerFactory factory, string category) => new GuardedLogger(factory.CreateLogger(category));

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        try
        {
            return logger.BeginScope(state) is { } scope ? new GuardedScope(scope) : null;
        }
        catch (Exception)
        {
            return null;
        }
    }

    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return logger.IsEnabled(logLevel);
        }
        catch (Exception)
        {
            return false;
        }
    }

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        _depth++;
        try
        {
            logger.Log(logLevel, eventId, state, exception, formatter);
        }
        catch (Exception)
        {
            // A failure of the logger cannot be reported, because the logger is the only place for reports.
        }
        finally
        {
            _depth--;
        }
    }

    private sealed class GuardedScope(IDisposable scope) : IDisposable
    {
        public void Dispose()
        {
            try
            {
                scope.Dispose();
            }
            catch (Exception)
            {
                // see Log
            }
        }
    }
}
