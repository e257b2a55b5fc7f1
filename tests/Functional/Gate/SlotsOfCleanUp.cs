using System.Diagnostics;
using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Host.Meters;
using Snakepit.Benchmarks.Host.Slots;
using Snakepit.Benchmarks.Machines;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Repository;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>Tests the slots that measure how soon nothing is left of a pool, and that they find what is left.</summary>
public sealed class SlotsOfCleanUp
{
    private const double MostMs = 20_000;

    [Theory]
    [InlineData(WorkerTransport.Grpc)]
    [InlineData(WorkerTransport.Direct)]
    public async Task A_host_measures_how_soon_nothing_is_left_of_a_pool_and_of_a_host_that_is_killed(WorkerTransport transport)
    {
        await using var arm = await Arm.StartAsync(
            Side.Candidate, CandidateBuild.Directory, await ThisMachine.PythonAsync(), settled: false, CancellationToken.None);
        await arm.RunAsync(new TransportSlot(transport), CancellationToken.None);
        Assert.InRange((await arm.RunAsync(new DisposalSlot(3), CancellationToken.None)).Ms, 0.1, MostMs);
        Assert.InRange((await arm.RunAsync(new DisposalSlot(3, Busy: 2), CancellationToken.None)).Ms, 1, MostMs);
        var kill = await arm.RunAsync(new HostKillSlot(Workers: 3, Busy: 2), CancellationToken.None);
        Assert.InRange(kill.ProcessesMs, 0.1, MostMs);
        Assert.InRange(kill.Ms, kill.ProcessesMs, MostMs);
    }

    [Fact]
    public void A_process_that_is_left_is_found_and_named_until_it_has_ended()
    {
        var (mark, other) = (new ProcessMark(), new ProcessMark());
        mark.RequireNone("nothing");
        var start = new ProcessStartInfo("/bin/sh", ["-c", "sleep 1000 & echo $!; exec sleep 1000"]) { RedirectStandardOutput = true };
        mark.Put(start.Environment);
        using var parent = Process.Start(start)!;
        var child = int.Parse(parent.StandardOutput.ReadLine()!, System.Globalization.CultureInfo.InvariantCulture);
        try
        {
            Assert.Equal(new[] { parent.Id, child }.Order(), mark.Find().Order());
            other.RequireNone("another one");
            OsProcess.Kill(parent.Id);
            parent.WaitForExit();
            var left = Assert.Throws<InvalidOperationException>(() => mark.RequireNone("A pool"));
            Assert.Contains($"A pool has left 1 processes behind: {child} (sleep)", left.Message, StringComparison.Ordinal);
            Assert.Equal((false, true), (ProcessMark.IsRunning(parent.Id), ProcessMark.IsRunning(child)));
        }
        finally
        {
            OsProcess.Kill(parent.Id);
            OsProcess.Kill(child);
        }
    }

    [PythonFact]
    public async Task A_process_of_a_pool_has_the_mark()
    {
        var mark = new ProcessMark();
        await using (var pool = await SnakepitPool.StartAsync(mark.Put(Probe.Options with { Workers = 2 })).InTime())
        {
            var statistics = pool.GetStatistics();
            int[] expected = [statistics.Template!.ProcessId, .. statistics.Workers.Select(worker => worker.ProcessId)];
            Assert.Equal(expected.Order(), mark.Find().Order());
        }

        mark.RequireNone("The pool");
    }

    [Fact]
    public void Memory_and_files_that_are_left_are_found_and_named()
    {
        IReadOnlySet<string> mapped;
        using (new SharedArray<double>(100_000))
        {
            mapped = MappedFiles.Of(Environment.ProcessId);
            Assert.NotEmpty(mapped);
            var held = Assert.Throws<InvalidOperationException>(() => MappedFiles.RequireNone(mapped, "a pool"));
            // By this process, or by a worker of another test.
            Assert.StartsWith("The shared memory of a pool is still mapped by process ", held.Message, StringComparison.Ordinal);
        }

        MappedFiles.RequireNone(new HashSet<string> { "1" }, "a pool");
        using var files = new Marker();
        CleanUpHandlers.RequireNoFiles(files.At(""), "A pool");
        File.WriteAllText(files.At("control.sock"), "");
        var left = Assert.Throws<InvalidOperationException>(() => CleanUpHandlers.RequireNoFiles(files.At(""), "A pool"));
        Assert.Contains($"A pool has left files behind: {files.At("control.sock")}.", left.Message, StringComparison.Ordinal);
    }
}
