using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>Readings that show where the time of starts went, as information.</summary>
internal static class StartReadings
{
    private static readonly string[] Kinds = ["fresh", "cold", "warm"];

    /// <summary>The phases of a start. Those of workers overlap, and are medians of the workers.</summary>
    /// <param name="size">The beginning of the metrics' names, such as <c>startup.16</c>.</param>
    public static IEnumerable<Reading<List<PoolStart>>> Phases(string size)
    {
        return
        [
            Phase("interpreter", "the template's interpreter boots", reply => reply.InterpreterMs),
            Phase("preparation", "it imports and prepares the adapter", reply => reply.PreparationMs),
            Phase("fork", "a worker is forked and reports, median of the workers", reply => reply.ForkMs),
            Phase("listen", "it opens its socket, median of the workers", reply => reply.ListenMs),
            Phase("first_call", "connection and first ping, median of the workers", reply => reply.FirstCallMs),
        ];

        Reading<List<PoolStart>> Phase(string name, string description, Func<StartReply, double> value) =>
            new($"{size}.phase.{name}", "ms", Worse.Higher, description, starts => starts.Sample(start => value(start.Reply)).LowerHalfMean)
                { Cause = "the phases of a start" };
    }

    /// <summary>The steps of the fastest of some starts.</summary>
    /// <param name="size">The beginning of the metrics' names, such as <c>startup.16</c>.</param>
    /// <param name="kind">The kind of the starts: fresh, cold or warm.</param>
    public static IEnumerable<Reading<List<PoolStart>>> Steps(string size, string kind) => StartStep.All.Select(step => new Reading<List<PoolStart>>(
        StepKey(size, kind, step), "ms", Worse.Higher, $"step of a {kind} start: {step.Description}",
        starts => starts.MinBy(start => start.Ms)!.Reply.StepMs(step)) { IsCandidateOnly = true });

    /// <summary>The steps of each kind of start beside each other.</summary>
    /// <param name="size">The beginning of the metrics' names, such as <c>startup.16</c>.</param>
    /// <param name="workers">How many workers are started.</param>
    public static TimeBreakdown Breakdown(string size, int workers) => new(
        $"Phases of a start of {workers} workers",
        Kinds,
        [.. StartStep.All.Select(step => (step.Description, (IReadOnlyList<string>)[.. Kinds.Select(kind => StepKey(size, kind, step))]))]);

    private static string StepKey(string size, string kind, StartStep step) => $"{size}.{kind}.step.{step.Name}";
}
