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

    [Fact]
    public async Task Functional_tests_may_overlap_and_a_performance_suite_waits_for_all_of_them()
    {
        var path = Path.Combine(Path.GetTempPath(), $"snakepit-lock-{Guid.NewGuid():N}");
        var told = new TaskCompletionSource<string>();
        var first = await SuiteLock.TakeAsync(path, Nothing, CancellationToken.None, FileShare.Read);
        var second = await SuiteLock.TakeAsync(path, Nothing, CancellationToken.None, FileShare.Read);
        var suite = SuiteLock.TakeAsync(path, told.SetResult, CancellationToken.None);
        Assert.Contains("another suite", await told.Task.InTime(), StringComparison.Ordinal);
        first.Dispose();
        Assert.False(suite.IsCompleted);
        second.Dispose();
        (await suite.InTime()).Dispose();
        File.Delete(path);

        static void Nothing(string line) => Assert.Fail("there is nothing to wait for");
    }

    [Fact]
    public async Task While_functional_tests_run_only_the_programs_that_they_start_may_measure()
    {
        Assert.NotNull(Environment.GetEnvironmentVariable(QuietMachine.WithinFunctionalTests)); // programs started by tests inherit it
        await Assert.ThrowsAsync<IOException>(async () =>
        {
            await using var suite = new FileStream(SuiteLock.FunctionalTests, FileMode.Open, FileAccess.Read, FileShare.None);
        });
        (await QuietMachine.TakeAsync(_ => { }, CancellationToken.None).InTime()).Dispose();
    }
}
