using Snakepit.Benchmarks.Protocol;

namespace Snakepit.Benchmarks.Arms;

/// <summary>Watches one host from its start to its end, such as to profile it.</summary>
internal interface IArmObserver
{
    /// <summary>Sets environment variables with which the host is started.</summary>
    void SetUp(IDictionary<string, string?> environment);

    /// <summary>Called when the host has started. It runs no slot before the task has completed.</summary>
    Task StartedAsync(int processId);

    /// <summary>Called when the host has run a slot.</summary>
    /// <param name="slot">The slot with its parameters.</param>
    /// <param name="reply">What it has measured.</param>
    /// <param name="began">When it was requested, as a timestamp of <see cref="System.Diagnostics.Stopwatch"/>.</param>
    /// <param name="ended">When the reply had come.</param>
    void Ran(Slot slot, Reply reply, long began, long ended);

    /// <summary>Called before the host is ended. The host is ended when the task has completed.</summary>
    Task EndingAsync();
}
