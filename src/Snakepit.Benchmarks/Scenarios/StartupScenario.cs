using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Host.Meters;
using Snakepit.Benchmarks.Protocol;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Reports;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>
/// From the call to <see cref="SnakepitPool.StartAsync"/> until every worker has answered a ping: in a fresh .NET process, cold (no template), warm
/// (from a template), and one worker after another. Every start is stopped and reaped before the next.
/// </summary>
internal sealed class StartupScenario : Scenario
{
    /// <summary>The size whose starts are looked at closely.</summary>
    private const int Most = 16;

    private const int Few = 4;
    private const int Crowd = 128;

    private static readonly string[] OfCandidate = [$"startup.{Crowd}.cold", $"startup.{Few}.sequential", $"startup.{Few}.speedup"];

    // What goes wrong with few workers goes wrong with more as well: those are judged, and few are measured now and then.
    private static readonly int[] Sizes = [2, Few, 8, Most];
    private static readonly int[] JudgedSizes = [8, Most];

    private static readonly (string Name, string Value, string Description)[] Phases =
    [
        ("interpreter", "interpreterMs", "the template's interpreter boots"),
        ("preparation", "preparationMs", "it imports and prepares the adapter"),
        ("fork", "forkMs", "a worker is forked and reports, median of the workers"),
        ("listen", "listenMs", "it opens its socket, median of the workers"),
        ("first_call", "firstCallMs", "connection and first ping, median of the workers"),
    ];

    /// <summary>The kinds of start whose every millisecond is told.</summary>
    private static IReadOnlyList<string> StepKinds { get; } = ["fresh", "cold", "warm"];

    private static IEnumerable<(string Kind, string Name, string Description)> Steps =>
        StepKinds.SelectMany(kind => StartSteps.All.Select(step => (kind, step.Name, step.Description)));

    public override string Name => "Startup";

    public override string Description => "2, 4, 8 and 16 workers ready: in a fresh process, cold, warm, one after another";

    public override IReadOnlyList<Metric> Metrics { get; } =
    [
        new Metric($"startup.{Most}.fresh", "ms", Worse.Higher, "cold, in a fresh .NET process"),
        .. Sizes.Select(size => new Metric($"startup.{size}.cold", "ms", Worse.Higher, $"no template yet, better half of {ColdStarts(size)}")),
        .. Sizes.Select(size => new Metric($"startup.{size}.cold.per_worker", "ms", Worse.Higher, "the same, per worker")),
        .. Sizes.Select(size => new Metric($"startup.{size}.warm", "ms", Worse.Higher, $"from a running template, geometric mean of {WarmStarts(size)}")),
        new Metric($"startup.{Most}.cold.cpu", "ms", Worse.Higher, "CPU of host, template and workers"),
        new Metric($"startup.{Most}.warm.cpu", "ms", Worse.Higher, "CPU of host and workers"),
        new Metric($"startup.{Most}.processes", "processes", Worse.Higher, "template and workers"),
        new Metric("startup.template", "ms", Worse.Higher, "interpreter, imports and preparation"),
        new Metric($"startup.{Crowd}.cold", "ms", Worse.Higher, "no template yet"),
        new Metric($"startup.{Few}.sequential", "ms", Worse.Higher, "one interpreter after another"),
        new Metric($"startup.{Few}.speedup", "x", Worse.Lower, $"one after another / cold, {Few} workers"),
        .. Phases.Select(phase => new Metric($"startup.{Most}.phase.{phase.Name}", "ms", Worse.Higher, phase.Description)),
        .. Steps.Select(step => new Metric(StepKey(step.Kind, step.Name), "ms", Worse.Higher, $"step of a {step.Kind} start: {step.Description}")),
        new Metric($"startup.{Most}.memory", "MB", Worse.Higher, "own memory of a worker (PSS)"),
        new Metric($"startup.{Most}.stop", "ms", Worse.Higher, "disposing an idle pool"),
    ];

    public override IReadOnlyList<Hint> Hints { get; } =
    [
        new Hint("the phases of a start", [.. Phases.Select(phase => $"startup.{Most}.phase.{phase.Name}")]),
        new Hint("from a running template", [$"startup.{Most}.warm", $"startup.{Most}.warm.cpu"]),
        new Hint("just-in-time compilation", [$"startup.{Most}.fresh"]),
    ];

    public override TimeBreakdown Breakdown { get; } = new(
        $"Phases of a start of {Most} workers",
        StepKinds,
        [.. StartSteps.All.Select(step => (step.Description, (IReadOnlyList<string>)[.. StepKinds.Select(kind => StepKey(kind, step.Name))]))]);

    public override async Task MeasureAsync(Round round)
    {
        await FreshAsync(round);
        var sizes = round.IsRare ? Sizes : JudgedSizes;
        await round.InAnyOrderAsync([.. sizes.Where(size => round.Wants(OfCold(size))).Select<int, Func<Task>>(size => () => ColdAsync(round, size))]);
        var warm = sizes.Where(size => round.Wants(OfWarm(size))).ToList();
        if (warm.Count > 0)
        {
            await round.EachAsync(async arm => round.Record(
                arm, "startup.template", (await round.RunAsync(arm, new SlotRequest(0, "template") { Workers = Most }))["ms"]));
            await round.InAnyOrderAsync([.. warm.Select<int, Func<Task>>(size => () => WarmAsync(round, size))]);
        }

        if (round.IsRare && round.Wants(OfCandidate))
        {
            await round.EachAsync(arm => arm.Side == Side.Candidate ? AloneAsync(round, arm) : Task.CompletedTask);
        }
    }

    private static string[] OfCold(int size) => size == Most
        ? [$"startup.{Most}.cold", $"startup.{Most}.cold.cpu", $"startup.{Most}.processes", $"startup.{Most}.memory"]
        : [$"startup.{size}.cold"];

    private static string[] OfWarm(int size) => size == Most ? [$"startup.{Most}.warm", $"startup.{Most}.warm.cpu"] : [$"startup.{size}.warm"];

    /// <summary>How many cold starts a side and round: fewer processes differ more from start to start, and sizes that are not judged are told only.</summary>
    private static int ColdStarts(int size) => size switch
    {
        8 => 9,
        Most => 7,
        _ => 3,
    };

    private static int WarmStarts(int size) => JudgedSizes.Contains(size) ? 10 : 3;

    /// <summary>The first start in a process compiles what the others find compiled; it is done in any case.</summary>
    private static async Task FreshAsync(Round round)
    {
        var isWanted = round.Wants($"startup.{Most}.fresh");
        var others = new Dictionary<Side, SlotReply>();
        if (isWanted)
        {
            await round.EachFreshAsync(async arm => others[arm.Side] = (await StartAndStopAsync(round, arm, Most, "cold")).Start);
        }

        await round.EachAsync(async arm =>
        {
            var start = (await StartAndStopAsync(round, arm, Most, "cold")).Start;
            if (isWanted)
            {
                var better = start["ms"] < others[arm.Side]["ms"] ? start : others[arm.Side];
                round.Record(arm, $"startup.{Most}.fresh", better["ms"]);
                RecordSteps(round, arm, "fresh", better);
            }
        });
    }

    private static async Task ColdAsync(Round round, int size)
    {
        foreach (var (arm, starts) in await StartsAsync(round, size, "cold", ColdStarts(size)))
        {
            // Of 7 it differs by 7 to 8 % from round to round, beside other work by 8 to 12; the better half of 5 by 8 and 10 to 14.
            var elapsed = Values(starts, "ms").LowerHalfMean;
            round.Record(arm, $"startup.{size}.cold", elapsed);
            round.Record(arm, $"startup.{size}.cold.per_worker", elapsed / size);
            if (size == Most)
            {
                RecordSteps(round, arm, "cold", starts.MinBy(start => start.Start["ms"]).Start);
                round.Record(arm, $"startup.{Most}.cold.cpu", Values(starts, "cpuMs").LowerHalfMean);
                foreach (var phase in Phases)
                {
                    round.Record(arm, $"startup.{Most}.phase.{phase.Name}", Values(starts, phase.Value).LowerHalfMean);
                }

                round.Record(arm, $"startup.{Most}.processes", starts[0].Start["processes"]);
                round.Record(arm, $"startup.{Most}.memory", starts.Average(start => start.Memory));
                round.Record(arm, $"startup.{Most}.stop", starts.Min(start => start.Stop));
            }
        }
    }

    private static async Task WarmAsync(Round round, int size)
    {
        foreach (var (arm, starts) in await StartsAsync(round, size, "warm", WarmStarts(size)))
        {
            // Of starts as short as these the mean of all is the quietest: 9 % from round to round, where the better half's differs by 10.
            round.Record(arm, $"startup.{size}.warm", Values(starts, "ms").GeometricMean);
            if (size == Most)
            {
                RecordSteps(round, arm, "warm", starts.MinBy(start => start.Start["ms"]).Start);
                round.Record(arm, $"startup.{Most}.warm.cpu", Values(starts, "cpuMs").LowerHalfMean);
            }
        }
    }

    /// <summary>Information, measured on the candidate only: it takes long.</summary>
    private static async Task AloneAsync(Round round, Arm arm)
    {
        round.Record(arm, $"startup.{Crowd}.cold", (await StartAndStopAsync(round, arm, Crowd, "cold")).Start["ms"]);
        var sequential = (await round.RunAsync(arm, new SlotRequest(0, "sequential") { Workers = Few }))["ms"];
        round.Record(arm, $"startup.{Few}.sequential", sequential);
        round.Record(arm, $"startup.{Few}.speedup", sequential / round[arm, $"startup.{Few}.cold"]);
    }

    /// <summary>The metric of a step of a start.</summary>
    private static string StepKey(string kind, string step) => $"startup.{Most}.{kind}.step.{step}";

    /// <summary>Where the time of one start went; information, of the candidate only.</summary>
    private static void RecordSteps(Round round, Arm arm, string kind, SlotReply start)
    {
        if (arm.Side == Side.Candidate)
        {
            foreach (var (name, _) in StartSteps.All)
            {
                round.Record(arm, StepKey(kind, name), start[StartSteps.ValueOf(name)]);
            }
        }
    }

    private static Sample Values(IEnumerable<(SlotReply Start, double Memory, double Stop)> starts, string value) =>
        Round.Values(starts.Select(start => start.Start), value);

    private static async Task<Dictionary<Arm, List<(SlotReply Start, double Memory, double Stop)>>> StartsAsync(Round round, int size, string kind, int times)
    {
        var starts = new Dictionary<Arm, List<(SlotReply, double, double)>>();
        await round.InTurnsAsync(times, async arm =>
        {
            starts.TryAdd(arm, []);
            starts[arm].Add(await StartAndStopAsync(round, arm, size, kind));
        });
        return starts;
    }

    private static async Task<(SlotReply Start, double Memory, double Stop)> StartAndStopAsync(Round round, Arm arm, int size, string kind)
    {
        var start = await round.RunAsync(arm, new SlotRequest(0, "start") { Workers = size, Kind = kind });
        var memory = size == Most && kind == "cold" ? (await round.RunAsync(arm, new SlotRequest(0, "memory")))["megabytes"] : 0;
        return (start, memory, (await round.RunAsync(arm, new SlotRequest(0, "stop")))["ms"]);
    }
}
