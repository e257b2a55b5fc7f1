using System.Diagnostics;

namespace Snakepit.Tests.Functional.Support;

/// <summary>Waits for conditions and tasks for a limited time, so that a broken test fails instead of hanging.</summary>
internal static class Eventually
{
    /// <summary>The default time limit of a wait. Most waits take milliseconds, but they may take longer on a loaded machine.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Checks the condition every 5 ms until it is true. Fails the test with the description <paramref name="what"/> if the condition is
    /// still false after <paramref name="within"/> (by default <see cref="Patience"/>).
    /// </summary>
    public static Task True(Func<bool> condition, string what, TimeSpan? within = null) => True(condition, () => what, within);

    /// <summary>Waits for the condition as the other overload does, but makes the description only when the test fails.</summary>
    public static async Task True(Func<bool> condition, Func<string> what, TimeSpan? within = null)
    {
        var limit = within ?? Patience;
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            if (clock.Elapsed > limit)
            {
                Assert.Fail($"Still not true after {limit.TotalSeconds:0.#} s: {what()}");
            }

            await Task.Delay(5);
        }
    }

    /// <summary>Waits for the task; throws a <see cref="TimeoutException"/> if it has not ended after <see cref="Patience"/>.</summary>
    public static Task InTime(this Task task) => task.WaitAsync(Patience);

    /// <inheritdoc cref="InTime(Task)"/>
    public static Task<T> InTime<T>(this Task<T> task) => task.WaitAsync(Patience);

    /// <inheritdoc cref="InTime(Task)"/>
    public static Task InTime(this ValueTask task) => task.AsTask().WaitAsync(Patience);
}
