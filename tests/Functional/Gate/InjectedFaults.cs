using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Host.Faults;
using Snakepit.Benchmarks.Machines;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Repository;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>Tests the faults that a validation injects into a host to check that the performance gate finds them.</summary>
public sealed class InjectedFaults
{
    [Fact]
    public async Task Crowding_costs_each_call_in_proportion_to_the_calls_under_way()
    {
        await using var arm = await StartAsync(nameof(Crowding), 100_000);
        await arm.RunAsync(new StartSlot(Workers: 2), CancellationToken.None);
        var calls = await arm.RunAsync(new SingleCallerSlot(Count: 3), CancellationToken.None);
        Assert.All(calls.Samples, microseconds => Assert.InRange(microseconds, 1_000, 20_000_000)); // one call: 100,000 µs / 100
        var one = await arm.RunAsync(new ClosedLoopSlot(Callers: 1, Milliseconds: 200), CancellationToken.None);
        var four = await arm.RunAsync(new ClosedLoopSlot(Callers: 4, Milliseconds: 200), CancellationToken.None);
        Assert.InRange(one.HostCpuUs, 1_000, 1e7);
        Assert.InRange(four.HostCpuUs / one.HostCpuUs, 1.2, 5);
    }

    [Fact]
    public async Task A_slow_worker_start_delays_replacements()
    {
        await using var arm = await StartAsync(nameof(SlowWorkerStart), 200);
        await arm.RunAsync(new StartSlot(Workers: 2), CancellationToken.None);
        Assert.InRange((await arm.RunAsync(new RecoverySlot(Count: 1), CancellationToken.None)).ReplacedMs, 200, 20_000);
    }

    [Theory]
    [InlineData(nameof(OneLock), 0)]
    [InlineData(nameof(MoreAllocations), 1_000_000)]
    public async Task Faults_of_the_callers_side_leave_calls_right(string kind, double amount)
    {
        await using var arm = await StartAsync(kind, amount);
        await arm.RunAsync(new StartSlot(Workers: 2), CancellationToken.None);
        var calls = await arm.RunAsync(new ClosedLoopSlot(Callers: 4, Milliseconds: 100), CancellationToken.None);
        Assert.InRange(calls.Calls, 1, double.MaxValue);
        Assert.InRange(calls.Bytes, amount, 1e8);
    }

    [Fact]
    public async Task A_fault_reaches_a_pool_that_has_tools_for_arrays()
    {
        await using var arm = await StartAsync(nameof(SlowPreparation), 1_000);
        await arm.RunAsync(new ArrayToolsSlot(), CancellationToken.None);
        Assert.InRange((await arm.RunAsync(new StartSlot(Workers: 1), CancellationToken.None)).PreparationMs, 1_000, 60_000);
    }

    [Fact]
    public async Task The_first_ping_after_a_loss_can_be_made_to_wait()
    {
        await using var arm = await StartAsync(nameof(StalledCalls), 300);
        await arm.RunAsync(new TemplateSlot(Workers: 2), CancellationToken.None);
        var restarts = await arm.RunAsync(new WorkerKillsSlot(Workers: 2, Kills: 2), CancellationToken.None);
        Assert.InRange(restarts.NextCallMs, 300, 20_000);
    }

    [Fact]
    public async Task An_unknown_fault_is_told_with_those_that_there_are()
    {
        var lost = await Assert.ThrowsAsync<ArmLostException>(async () => await StartAsync("Sunshine", 1));
        Assert.Contains("There is no fault 'Sunshine'; there are None, ", lost.Message, StringComparison.Ordinal);
    }

    private static async Task<Arm> StartAsync(string fault, double amount)
    {
        var python = await ThisMachine.PythonAsync();
        var arm = await Arm.StartAsync(Side.Candidate, CandidateBuild.Directory, python, settled: false, CancellationToken.None);
        try
        {
            await arm.RunAsync(new Fault(fault, amount), CancellationToken.None);
            return arm;
        }
        catch
        {
            await arm.DisposeAsync();
            throw;
        }
    }
}
