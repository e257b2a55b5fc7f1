using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Profiling;
using Snakepit.Benchmarks.Profiling.Tracing;
using Snakepit.Benchmarks.Protocol;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Measurement.Profiles;

namespace Snakepit.Tests.Functional.Profiling;

/// <summary>Tests which slots of a profiled session are measured, and which samples belong to them.</summary>
public sealed class ProfiledSlots
{
    private static readonly Frame Run = new("Pool.Run", "Snakepit", IsOwn: true);
    private static readonly ClosedLoopSlot Load = new(Callers: 2, Milliseconds: 50);
    private static readonly StartSlot Start = new(Workers: 2);
    private static readonly LoopReply TenCalls = new() { Calls = 10 };

    [Fact]
    public async Task The_slots_that_run_several_times_are_measured_and_starting_and_warming_up_are_not()
    {
        ArmProfiler[] arms = [await Arm(Side.Candidate), await Arm(Side.Pin)];
        Assert.Equal([SlotRequest.Line(0, Load)], MeasuredSlots.RequestsOf(arms));
        var round = Assert.Single(MeasuredSlots.ProfilesOf(arms));
        Assert.Equal((20, 20), (round.Candidate.Work, round.Pin.Work));
        Assert.Equal([3, 4], round.Candidate.Samples.Select(sample => sample.Cost)); // the first two were taken before

        static Task<ArmProfiler> Arm(Side side) => Profiled(
            side, [At(5, 1), At(15, 2), At(25, 3), At(35, 4), At(45, 5)],
            (Start, new StartReply(), 0, 10), (Load with { Milliseconds = 300 }, TenCalls, 10, 20),
            (Load, TenCalls, 20, 30), (Load, TenCalls, 30, 40));
    }

    [Fact]
    public async Task Starts_are_measured_if_nothing_else_is_done()
    {
        ArmProfiler[] arms = [await Arm(Side.Candidate), await Arm(Side.Pin)];
        Assert.Equal([SlotRequest.Line(0, Start)], MeasuredSlots.RequestsOf(arms));
        Assert.Equal(1, Assert.Single(MeasuredSlots.ProfilesOf(arms)).Candidate.Work);

        static Task<ArmProfiler> Arm(Side side) => Profiled(
            side, [At(5, 1)], (Start, new StartReply(), 0, 10), (new StopSlot(), new DurationReply(), 10, 20));
    }

    [Fact]
    public async Task A_round_that_only_one_side_has_measured_is_left_out()
    {
        ArmProfiler[] arms = [await Profiled(Side.Candidate, [At(5, 1)], (Load, TenCalls, 0, 10))];
        Assert.Empty(MeasuredSlots.ProfilesOf(arms));
    }

    [Fact]
    public async Task What_measures_is_left_out()
    {
        var meter = new Frame("ProcessCost.Before", ManagedName.Meters, IsOwn: true);
        ArmProfiler[] arms = [await Arm(Side.Candidate), await Arm(Side.Pin)];
        Assert.Equal(1, Assert.Single(Assert.Single(MeasuredSlots.ProfilesOf(arms)).Candidate.Samples).Cost);

        Task<ArmProfiler> Arm(Side side) =>
            Profiled(side, [At(5, 1), new TimedSample(6, [Run, meter], 2)], (Load, TenCalls, 0, 10), (Load, TenCalls, 10, 20));
    }

    [Fact]
    public async Task A_sampler_that_cannot_begin_or_end_leaves_the_samples_of_the_others()
    {
        var told = new List<string>();
        var arm = new ArmProfiler(
            Side.Pin, 1, [new Sampling(begins: false), new Sampling(ends: false), new Sampling(samples: [At(5, 1)])], told.Add);
        await arm.StartedAsync(processId: 1);
        await arm.EndingAsync();
        await arm.EndingAsync(); // a host may be ended twice
        Assert.Equal(["cannot begin", "cannot end"], told);
        Assert.Single(arm.Samples);
    }

    private static TimedSample At(long time, double cost) => new(time, [Run], cost);

    private static async Task<ArmProfiler> Profiled(
        Side side, TimedSample[] samples, params (Slot Slot, Reply Reply, long Began, long Ended)[] slots)
    {
        var arm = new ArmProfiler(side, 1, [new Sampling(samples: samples)], Assert.Fail);
        await arm.StartedAsync(processId: 1);
        foreach (var (slot, reply, began, ended) in slots)
        {
            arm.Ran(slot, reply, began, ended);
        }

        await arm.EndingAsync();
        return arm;
    }

    private sealed class Sampling(bool begins = true, bool ends = true, TimedSample[]? samples = null) : ISampling
    {
        public void SetUp(IDictionary<string, string?> environment)
        {
        }

        public Task BeginAsync(int processId) => begins ? Task.CompletedTask : throw new SamplingException("cannot begin");

        public Task<IReadOnlyList<TimedSample>> EndAsync() =>
            ends ? Task.FromResult<IReadOnlyList<TimedSample>>(samples ?? []) : throw new SamplingException("cannot end");
    }
}
