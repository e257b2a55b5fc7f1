using System.Diagnostics;
using Snakepit.Benchmarks.Machines;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Subprocesses;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>Tests that only one performance suite at a time measures on a machine.</summary>
public sealed class OneSuite
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_second_suite_waits_for_the_first_and_says_so_also_if_a_cleaner_has_deleted_the_lock_file(bool isDeleted)
    {
        var path = Path.Combine(Path.GetTempPath(), $"snakepit-lock-{Guid.NewGuid():N}");
        var first = await SuiteLock.TakeAsync(path, _ => Assert.Fail("there is nothing to wait for"), CancellationToken.None);
        if (isDeleted)
        {
            File.Delete(path);
        }

        var told = new TaskCompletionSource<string>();
        var second = SuiteLock.TakeAsync(path, told.SetResult, CancellationToken.None);
        Assert.Contains("another suite", await told.Task.InTime(), StringComparison.Ordinal);
        Assert.False(second.IsCompleted);
        first.Dispose();
        (await second.InTime()).Dispose();
        File.Delete(path);
    }

    [Fact]
    public async Task A_lock_file_that_cannot_be_opened_is_reported_instead_of_waited_for()
    {
        var path = Path.Combine(Path.GetTempPath(), $"snakepit-lock-{Guid.NewGuid():N}");
        File.CreateSymbolicLink(path, "/nowhere/else");
        var failure = await Assert.ThrowsAsync<IOException>(
            () => SuiteLock.TakeAsync(path, _ => Assert.Fail("there is nothing to wait for"), CancellationToken.None).InTime());
        Assert.Contains($"{path}, the file whose lock", failure.Message, StringComparison.Ordinal);
        Assert.Contains("No such file or directory", failure.Message, StringComparison.Ordinal);
        File.Delete(path);
    }

    [PythonFact]
    public async Task A_suite_waits_also_where_the_file_locks_of_the_runtime_are_switched_off()
    {
        using var cancellation = new CancellationTokenSource();
        var alone = SuiteLock.TakeAsync(SuiteLock.MachineWide, _ => { }, cancellation.Token); // unless another suite holds it just now
        var program = Path.Combine(CandidateBuild.Directory, "Snakepit.Benchmarks.dll");
        using var suite = new Process { StartInfo = new(DotnetEnvironment.Muxer, ["exec", program, "run", "recovery", "--rounds", "1"]) };
        suite.StartInfo.Environment["DOTNET_SYSTEM_IO_DISABLEFILELOCKING"] = "1";
        suite.StartInfo.RedirectStandardError = suite.StartInfo.RedirectStandardOutput = true;
        suite.Start();
        try
        {
            Assert.Contains("waiting: another suite", await suite.StandardError.ReadLineAsync().InTime(), StringComparison.Ordinal);
        }
        finally
        {
            suite.Kill(entireProcessTree: true);
            await cancellation.CancelAsync();
            using var held = alone.IsCompletedSuccessfully ? await alone : null;
        }
    }

    [Fact]
    public async Task Functional_tests_may_overlap_and_a_performance_suite_waits_for_all_of_them()
    {
        var path = Path.Combine(Path.GetTempPath(), $"snakepit-lock-{Guid.NewGuid():N}");
        var told = new TaskCompletionSource<string>();
        var first = await SuiteLock.TakeAsync(path, Nothing, CancellationToken.None, isShared: true);
        var second = await SuiteLock.TakeAsync(path, Nothing, CancellationToken.None, isShared: true);
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
    public async Task Only_programs_that_functional_tests_have_started_may_measure_while_these_tests_run()
    {
        Assert.NotNull(Environment.GetEnvironmentVariable(QuietMachine.WithinFunctionalTests)); // programs started by tests inherit it
        var told = new TaskCompletionSource<string>();
        using var cancellation = new CancellationTokenSource();
        var alone = SuiteLock.TakeAsync(SuiteLock.FunctionalTests, told.SetResult, cancellation.Token);
        Assert.Contains(SuiteLock.FunctionalTests, await told.Task.InTime(), StringComparison.Ordinal);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => alone.InTime());
        (await QuietMachine.TakeAsync(Workspace.Current.Artifacts, _ => { }, CancellationToken.None).InTime()).Dispose();
    }
}
