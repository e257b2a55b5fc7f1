using System.Diagnostics;

namespace Snakepit.Tests.Functional.Support;

/// <summary>Waits for what must come true soon, and says what did not.</summary>
internal static class Eventually
{
    /// <summary>For what is a matter of milliseconds, on a machine that may be loaded.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static Task True(Func<bool> condition, string what, TimeSpan? within = null) => True(condition, () => what, within);

    public static async Task True(Func<bool> condition, Func<string> what, TimeSpan? within = null)
    {
        var limit = within ?? Patience;
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            if (clock.Elapsed > limit)
            {
                Assert.Fail($"After {limit.TotalSeconds:0.#} s it is still not so: {what()}");
            }

            await Task.Delay(5);
        }
    }

    public static Task InTime(this Task task) => task.WaitAsync(Patience);

    public static Task<T> InTime<T>(this Task<T> task) => task.WaitAsync(Patience);

    public static Task InTime(this ValueTask task) => task.AsTask().WaitAsync(Patience);
}
