using Microsoft.Extensions.Logging;

namespace Snakepit.Telemetry;

/// <summary>
/// The program's logger, called from the middle of the pool's own work: what it throws is its own affair and loses neither a call nor a worker.
/// </summary>
internal sealed class GuardedLogger(ILogger logger) : ILogger
{
    [ThreadStatic]
    private static int _depth;

    /// <summary>Refuses to a logger what would wait for the work that stands still until the logger returns.</summary>
    /// <exception cref="InvalidOperationException">A logger calls.</exception>
    public static void RequireNotLogging()
    {
        if (_depth > 0)
        {
            throw new InvalidOperationException(
                "A logger cannot dispose a pool or template while it is given a line, because the pool waits for it. Leave that to another task.");
        }
    }

    /// <summary>The program's logger for a category, guarded.</summary>
    public static ILogger Create(ILoggerFactory factory, string category) => new GuardedLogger(factory.CreateLogger(category));

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => logger.BeginScope(state);

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

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        _depth++;
        try
        {
            logger.Log(logLevel, eventId, state, exception, formatter);
        }
        catch (Exception)
        {
            // There is nowhere to tell it.
        }
        finally
        {
            _depth--;
        }
    }
}
