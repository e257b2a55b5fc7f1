namespace Snakepit.Threading;

/// <summary>Waits that give up after some time instead of throwing.</summary>
internal static class TaskExtensions
{
    /// <summary>
    /// Waits until a task has completed, failed or been cancelled, but at most for <paramref name="patience"/>. True if it has.
    /// </summary>
    public static Task<bool> EndsWithinAsync(this Task task, TimeSpan patience) => task.EndsWithinAsync(patience, TimeProvider.System);

    /// <summary>
    /// Waits until a task has completed, failed or been cancelled, but at most for <paramref name="patience"/> and until
    /// <paramref name="giveUp"/> is cancelled. True if it has.
    /// </summary>
    public static async Task<bool> EndsWithinAsync(this Task task, TimeSpan patience, TimeProvider time, CancellationToken giveUp = default)
    {
        await task.WaitAsync(patience, time, giveUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return task.IsCompleted;
    }
}
