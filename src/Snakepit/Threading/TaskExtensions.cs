namespace Snakepit.Threading;

/// <summary>Extension methods that wait for a task for a limited time, and do not throw when the time has passed.</summary>
internal static class TaskExtensions
{
    /// <summary>
    /// Waits until a task has completed, failed or been cancelled, but at most for <paramref name="patience"/>. Returns true if the task
    /// has ended.
    /// </summary>
    public static Task<bool> EndsWithinAsync(this Task task, TimeSpan patience) => task.EndsWithinAsync(patience, TimeProvider.System);

    /// <summary>
    /// Waits until a task has completed, failed or been cancelled. The wait stops early when <paramref name="patience"/> has passed or when
    /// <paramref name="giveUp"/> is cancelled. Returns true if the task has ended.
    /// </summary>
    public static async Task<bool> EndsWithinAsync(this Task task, TimeSpan patience, TimeProvider time, CancellationToken giveUp = default)
    {
        await task.WaitAsync(patience, time, giveUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return task.IsCompleted;
    }
}
