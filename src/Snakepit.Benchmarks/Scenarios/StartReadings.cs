using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>Creates metrics that are computed from several starts of a pool. Most of them show where the time of a start went.</summary>
internal static class StartReadings
{
    /// <summary>The likely cause that slower warm starts point at.</summary>
    public const string FromTemplate = "from a running template";

    private static readonly string[] Kinds = ["fresh", "cold", "warm"];

    /// <summary>
    /// Creates a metric that is the mean over the faster half of the starts, because this value varies little. For 7 starts of 16 workers
    /// it varies by 7 to 8 % from round to round, and by 8 to 12 % when other programs run on the machine.
    /// </summary>
    /// <param name="key">The name of the metric.</param>
    /// <param name="description">A description of the metric in a few words.</param>
    /// <param name="milliseconds">Returns the time of one start, in milliseconds.</param>
    public static Reading<List<PoolStart>> BetterHalf(string key, string description, Func<PoolStart, double> milliseconds) =>
        new(key, "ms", Worse.Higher, description, starts => starts.Sample(milliseconds).LowerHalfMean);

    /// <summary>Creates the metrics for the CPU time, the processes, the memory, the phases and the steps of cold starts.</summary>
    /// <param name="size">The beginning of the names of the metrics, such as <c>startup.16</c>.</param>
    public static IEnumerable<Reading<List<PoolStart>>> ColdDetails(string size) =>
    [
        BetterHalf($"{size}.cold.cpu", "CPU of host, template and workers", start => start.Reply.CpuMs),
        new($"{size}.processes", "processes", Worse.Higher, "template and workers", starts => starts[0].Reply.Processes),
        new($"{size}.memory", "MB", Worse.Higher, "own memory of a worker (PSS)", starts => starts.Average(start => start.Megabytes)),
        new($"{size}.stop", "ms", Worse.Higher, "disposing an idle pool", starts => starts.Min(start => start.StopMs)),
        .. Phases(size),
        .. Steps(size, "cold"),
    ];

    /// <summary>Creates the metrics for the CPU time and the steps of warm starts.</summary>
    /// <param name="size">The beginning of the names of the metrics, such as <c>startup.16</c>.</param>
    public static IEnumerable<Reading<List<PoolStart>>> WarmDetails(string size) =>
    [
        BetterHalf($"{size}.warm.cpu", "CPU of host and workers", start => start.Reply.CpuMs) with { Cause = FromTemplate },
        .. Steps(size, "warm"),
    ];

    /// <summary>
    /// Creates the metrics for the phases of a start. A phase of workers is the median of all workers, and the phases of different workers
    /// overlap.
    /// </summary>
    private static IEnumerable<Reading<List<PoolStart>>> Phases(string size) => new[]
    {
        BetterHalf($"{size}.phase.interpreter", "the template's interpreter boots", start => start.Reply.InterpreterMs),
        BetterHalf($"{size}.phase.preparation", "it imports and prepares the adapter", start => start.Reply.PreparationMs),
        BetterHalf($"{size}.phase.fork", "a worker is forked and reports, median of the workers", start => start.Reply.ForkMs),
        BetterHalf($"{size}.phase.listen", "it opens its socket, median of the workers", start => start.Reply.ListenMs),
        BetterHalf($"{size}.phase.first_call", "connection and first ping, median of the workers", start => start.Reply.FirstCallMs),
    }.Select(reading => reading with { Cause = "the phases of a start" });

    /// <summary>Creates the metrics for the steps of the fastest of several starts.</summary>
    /// <param name="size">The beginning of the names of the metrics, such as <c>startup.16</c>.</param>
    /// <param name="kind">The kind of the starts: fresh, cold or warm.</param>
    public static IEnumerable<Reading<List<PoolStart>>> Steps(string size, string kind) => StartStep.All.Select(step =>
        new Reading<List<PoolStart>>(
            StepKey(size, kind, step), "ms", Worse.Higher, $"step of a {kind} start: {step.Description}",
            starts => starts.MinBy(start => start.Ms)!.Reply.StepMs(step))
        {
            IsCandidateOnly = true,
        });

    /// <summary>Creates the table that shows the steps of each kind of start next to each other.</summary>
    /// <param name="size">The beginning of the names of the metrics, such as <c>startup.16</c>.</param>
    /// <param name="workers">The number of workers that are started.</param>
    public static TimeBreakdown Breakdown(string size, int workers) => new(
        $"Phases of a start of {workers} workers",
        Kinds,
        [.. StartStep.All.Select(step => (step.Description, (IReadOnlyList<string>)[.. Kinds.Select(kind => StepKey(size, kind, step))]))]);

    private static string StepKey(string size, string kind, StartStep step) => $"{size}.{kind}.step.{step.Name}";
}
