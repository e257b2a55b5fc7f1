namespace Snakepit.Threading;

/// <summary>
/// Runs work apart from its caller: on the thread pool, and without the caller's <see cref="ExecutionContext"/>. Everything that lives
/// longer than the call which starts it (timers, loops, watched processes) is started through this class or through
/// <see cref="BackgroundWork"/>. Otherwise it would keep the caller's <see cref="AsyncLocal{T}"/> values alive, among them the current
/// activity and the current culture, and would show them to loggers and host tools.
/// </summary>
internal static class Detached
{
    /// <summary>Starts an async method. The calling thread runs none of its code.</summary>
    public static Task RunAsync(Func<Task> work)
    {
        using var suppressed = Suppress();
        return Task.Run(work);
    }

    /// <inheritdoc cref="RunAsync"/>
    public static Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        using var suppressed = Suppress();
        return Task.Run(work);
    }

    /// <summary>Creates a timer, or something that has one.</summary>
    public static T Create<T>(Func<T> create)
    {
        using var suppressed = Suppress();
        return create();
    }

    // A caller may have suppressed the flow already, and may not do so twice. Disposing the default value has no effect.
    private static AsyncFlowControl Suppress() => ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
}
