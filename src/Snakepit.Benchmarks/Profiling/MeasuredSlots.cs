using System.Collections.Immutable;
using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Profiling.Tracing;
using Snakepit.Benchmarks.Protocol;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Measurement.Profiles;

namespace Snakepit.Benchmarks.Profiling;

/// <summary>
/// Finds the slots of a profiled session in which its metrics were measured, and makes the profiles of what happened in them. Samples of
/// other times, such as of starting and warming up, are left out.
/// </summary>
internal static class MeasuredSlots
{
    /// <summary>Returns the profiles of both sides, a pair for each round in which both sides have run a measured slot.</summary>
    /// <param name="arms">What was taken of each host.</param>
    public static ImmutableArray<ProfiledRound> ProfilesOf(IReadOnlyCollection<ArmProfiler> arms)
    {
        var measured = RequestsOf(arms);
        return
        [
            .. arms.GroupBy(arm => arm.Round).OrderBy(round => round.Key)
                .Select(round => new ProfiledRound(Of(round, Side.Candidate), Of(round, Side.Pin)))
                .Where(round => round is { Candidate.Work: > 0, Pin.Work: > 0 }),
        ];

        Profile Of(IEnumerable<ArmProfiler> round, Side side)
        {
            var ofSide = round.Where(arm => arm.Side == side)
                .Select(arm => (arm.Samples, Slots: arm.Slots.Where(slot => measured.Contains(slot.Request)).ToList())).ToList();
            return new Profile(
                [
                    .. ofSide.SelectMany(arm => arm.Samples.Where(sample => arm.Slots.Exists(slot => Contains(slot, sample))))
                        .Where(sample => !sample.Frames.Any(frame => frame.Module == ManagedName.Meters))
                        .Select(sample => new StackSample(sample.Frames, sample.Cost)),
                ],
                ofSide.Sum(arm => arm.Slots.Sum(slot => slot.Work)));
        }
    }

    /// <summary>
    /// Returns the requests of the measured slots. A round runs a slot several times to measure, and once to warm up; if it runs every slot
    /// only once, all of them are measured.
    /// </summary>
    public static IReadOnlySet<string> RequestsOf(IReadOnlyCollection<ArmProfiler> arms)
    {
        var weightiest = arms.SelectMany(arm => arm.Slots).Select(slot => WeightOf(slot.Slot)).DefaultIfEmpty().Max();
        var runs = arms.GroupBy(arm => (arm.Round, arm.Side))
            .SelectMany(round => round.SelectMany(arm => arm.Slots).Where(slot => WeightOf(slot.Slot) == weightiest)
                .CountBy(slot => slot.Request))
            .ToList();
        var repeated = runs.Where(request => request.Value > 1).Select(request => request.Key).ToHashSet();
        return repeated.Count > 0 ? repeated : runs.Select(request => request.Key).ToHashSet();
    }

    /// <summary>
    /// Tells which of two slots is the measured one. Starting a pool is measured by scenarios that do nothing else with it, and otherwise
    /// prepares what is measured.
    /// </summary>
    private static int WeightOf(Slot slot) => slot switch
    {
        Fault or TransportSlot or PreparationSlot or ArrayToolsSlot => 0,
        StopSlot or TemplateSlot => 1,
        StartSlot or StartToolsSlot => 2,
        _ => 3,
    };

    private static bool Contains(ProfiledSlot slot, TimedSample sample) => sample.Time >= slot.Began && sample.Time <= slot.Ended;
}
