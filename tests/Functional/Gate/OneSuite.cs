using Snakepit.Benchmarks.Machines;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>Tests that only one performance suite at a time measures on a machine.</summary>
public sealed class OneSuite
{
    [Fact]
    public async Task A_second_suite_waits_for_the_first_and_says_so()
    {
        var path = Path.Combine(Path.GetTempPath(), $"snakepit-lock-{Guid.NewGuid():N}");
        var first = await SuiteLock.TakeAsync(path, _ => Assert.Fail("there is nothing to wait for"), CancellationToken.None);
        var told = new TaskCompletionSource<string>();
        var second = SuiteLock.TakeAsync(path, told.SetResult, CancellationToken.None);
        Assert.Contains("another suite", await told.Task.InTime(), StringComparison.Ordinal);
        Assert.False(second.IsCompleted);
        first.Dispose();
        (await second.InTime()).Dispose();
        File.Delete(path);
    }
}
