using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Host;
using Snakepit.Benchmarks.Host.Meters;
using Snakepit.Benchmarks.Host.Slots;
using Snakepit.Benchmarks.Machines;
using Snakepit.Benchmarks.Protocol;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Repository;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>Tests the slots that end workers and templates, and that they find calls and workers that are lost besides.</summary>
public sealed class SlotsOfRestarts
{
    private const double MostMs = 20_000;

    [Theory]
    [InlineData(WorkerTransport.Grpc)]
    [InlineData(WorkerTransport.Direct)]
    public async Task A_host_measures_how_soon_a_pool_works_again_and_counts_what_was_lost(WorkerTransport transport)
    {
        await using var arm = await Arm.StartAsync(
            Side.Candidate, CandidateBuild.Directory, await ThisMachine.PythonAsync(), settled: false, CancellationToken.None);
        await arm.RunAsync(new TransportSlot(transport), CancellationToken.None);
        await arm.RunAsync(new TemplateSlot(Workers: 3), CancellationToken.None);
        RestartTimesReply[] all =
        [
            await arm.RunAsync(new WorkerKillsSlot(Workers: 3, Kills: 2), CancellationToken.None),
            await arm.RunAsync(new WorkerKillsSlot(Workers: 1, Kills: 1), CancellationToken.None),
            await arm.RunAsync(new TemplateKillSlot(Workers: 2), CancellationToken.None),
        ];
        foreach (var times in all)
        {
            Assert.InRange(times.NextCallMs, 0.1, MostMs);
            Assert.InRange(times.CompleteMs, times.NextCallMs, MostMs);
        }

        var crashes = await arm.RunAsync(new CrashScheduleSlot(Workers: 3, Calls: 40, Crashes: 3, Seed: 5), CancellationToken.None);
        Assert.Equal((37, 3), (crashes.Completed, crashes.Restarts));
        var quiet = await arm.RunAsync(new CrashScheduleSlot(Workers: 3, Calls: 40, Crashes: 0), CancellationToken.None);
        Assert.Equal((40, 0), (quiet.Completed, quiet.Restarts));
    }

    [PythonFact]
    public async Task A_crash_that_does_not_happen_and_a_call_that_is_lost_besides_are_named()
    {
        await using var state = new HostState();
        state.Keep(await SnakepitTemplate.StartAsync(Probe.Options with { Adapter = "wrong_crashes" }).InTime());
        var survived = await FailureOf(state, new CrashScheduleSlot(Workers: 1, Calls: 1, Crashes: 1));
        Assert.Contains("Call 1 has ended its worker, and has a result", survived, StringComparison.Ordinal);
        var lost = await FailureOf(state, new CrashScheduleSlot(Workers: 1, Calls: 3, Crashes: 0));
        Assert.Contains("Call 3 was lost, and was not to end its worker: Worker ", lost, StringComparison.Ordinal);
        var idle = await FailureOf(state, new WorkerKillsSlot(Workers: 1, Kills: 1));
        Assert.Contains("Unknown tool", idle, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task A_worker_that_is_replaced_besides_is_counted()
    {
        await using var pool = await SnakepitPool.StartAsync(Probe.Options with { Workers = 2 }).InTime();
        LostWorker.RequireRestarts(pool, 0);
        OsProcess.Kill(pool.GetStatistics().Workers[0].ProcessId);
        await Eventually.True(() => pool.GetStatistics().Restarts == 1, "the loss was noticed");
        LostWorker.RequireRestarts(pool, 1);
        var error = Assert.Throws<InvalidOperationException>(() => LostWorker.RequireRestarts(pool, 0));
        Assert.Contains("The pool has replaced 1 lost workers,", error.Message, StringComparison.Ordinal);
        Assert.Contains("and 0 lost workers were expected.", error.Message, StringComparison.Ordinal);
    }

    private static async Task<string> FailureOf(HostState state, Slot slot)
    {
        var reply = await SlotHandlers.All.RunAsync(state, SlotRequest.Read(SlotRequest.Line(1, slot))).InTime();
        return reply.Error ?? throw new InvalidOperationException($"{slot} has not failed.");
    }
}
