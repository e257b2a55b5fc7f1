namespace Snakepit.Threading;

/// <summary>Waiting for something only so long.</summary>
internal static class TaskExtensions
{
    /// <summary>Waits for a task's end, however it ends, but no longer than that; true if it has ended.</summary>
    public static Task<bool> EndsWithinAsync(this Task task, TimeSpan patience) => task.EndsWithinAsync(patience, TimeProvider.System);

    /// <summary>Waits for a task's end, however it ends, but no longer than that, nor when the token gives up; true if it has ended.</summary>
    public static async Task<bool> EndsWithinAsync(this Task task, TimeSpan patience, TimeProvider time, CancellationToken giveUp = default)
    {
        await task.WaitAsync(patience, time, giveUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return task.IsCompleted;
    }
}
