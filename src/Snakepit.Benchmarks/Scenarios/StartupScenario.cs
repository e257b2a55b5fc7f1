using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Samples;
using Starts = System.Collections.Generic.List<Snakepit.Benchmarks.Rounds.PoolStart>;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>
/// How long <see cref="SnakepitPool.StartAsync"/> takes until every worker has answered a ping: in a fresh .NET process, cold (no template yet), warm
/// (from a template that runs), and one worker after another. Each pool is stopped before the next one starts.
/// </summary>
internal sealed class StartupScenario : Scenario
{
    private const int Few = 4, Most = 16, Crowd = 128;

    // What gets worse with few workers gets worse with many as well: 8 and 16 are judged in every round, 2 and 4 reported now and then.
    private static readonly int[] Sizes = [2, Few, 8, Most];
    private static readonly int[] JudgedSizes = [8, Most];

    private static readonly Reading<Starts>[] OfFresh =
    [
        new($"startup.{Most}.fresh", "ms", Worse.Higher, "cold, in a fresh .NET process", starts => starts.Min(start => start.Ms))
            { Cause = "just-in-time compilation" },
        .. StartReadings.Steps($"startup.{Most}", "fresh"),
    ];

    private static readonly Reading<DurationReply>[] OfTemplate =
        [new("startup.template", "ms", Worse.Higher, "interpreter, imports and preparation", reply => reply.Ms)];

    private static readonly Dictionary<int, Reading<Starts>[]> OfCold = Sizes.ToDictionary(size => size, Cold);
    private static readonly Dictionary<int, Reading<Starts>[]> OfWarm = Sizes.ToDictionary(size => size, Warm);

    private static readonly Reading<(double Crowd, double Sequential, double Cold)>[] OfCandidate =
    [
        new($"startup.{Crowd}.cold", "ms", Worse.Higher, "no template yet", ms => ms.Crowd) { IsCandidateOnly = true },
        new($"startup.{Few}.sequential", "ms", Worse.Higher, "one interpreter after another", ms => ms.Sequential) { IsCandidateOnly = true },
        new($"startup.{Few}.speedup", "x", Worse.Lower, $"one after another / cold, {Few} workers", ms => ms.Sequential / ms.Cold)
            { IsCandidateOnly = true },
    ];

    public override string Name => "Startup";

    public override string Description => "2, 4, 8 and 16 workers ready: in a fresh process, cold, warm, one after another";

    public override IReadOnlyList<Reading> Readings { get; } =
        [.. OfFresh, .. OfCold.Values.SelectMany(cold => cold), .. OfWarm.Values.SelectMany(warm => warm), .. OfTemplate, .. OfCandidate];

    public override TimeBreakdown Breakdown { get; } = StartReadings.Breakdown($"startup.{Most}", Most);

    public override async Task MeasureAsync(Round round)
    {
        await PoolStart.RecordFreshAsync(round, new StartSlot(Most), OfFresh);
        var sizes = round.IsRare ? Sizes : JudgedSizes;
        await round.InAnyOrderAsync([.. sizes.Where(size => round.Wants(OfCold[size])).Select<int, Func<Task>>(size => () =>
            round.RecordAsync(ColdStarts(size), arm => PoolStart.RunAsync(round, arm, new StartSlot(size), withMemory: size == Most), OfCold[size]))]);
        var warm = sizes.Where(size => round.Wants(OfWarm[size])).ToList();
        if (warm.Count > 0)
        {
            await round.EachAsync(async arm => round.Record(arm, OfTemplate, await round.RunAsync(arm, new TemplateSlot(Most))));
            await round.InAnyOrderAsync([.. warm.Select<int, Func<Task>>(size => () =>
                round.RecordAsync(WarmStarts(size), arm => PoolStart.RunAsync(round, arm, new StartSlot(size, StartKind.Warm)), OfWarm[size]))]);
        }

        if (round.IsRare && round.Wants(OfCandidate))
        {
            await round.EachAsync(async arm => round.Record(arm, OfCandidate, arm.Side == Side.Candidate ? await CandidateAsync(round, arm) : default));
        }
    }

    private static async Task<(double Crowd, double Sequential, double Cold)> CandidateAsync(Round round, Arm arm) => (
        (await PoolStart.RunAsync(round, arm, new StartSlot(Crowd))).Ms,
        (await round.RunAsync(arm, new SequentialStartsSlot(Few))).Ms,
        round.Of(arm.Side)[OfCold[Few][0].Key]);

    // Fewer processes differ more from start to start, and sizes that are not judged need no precision.
    private static int ColdStarts(int size) => size switch { 8 => 9, Most => 7, _ => 3 };

    private static int WarmStarts(int size) => JudgedSizes.Contains(size) ? 10 : 3;

    // The better half of 7 starts of 16 workers differs by 7 to 8 % from round to round, and by 8 to 12 % beside other work.
    private static Reading<Starts>[] Cold(int size) =>
    [
        new($"startup.{size}.cold", "ms", Worse.Higher, $"no template yet, better half of {ColdStarts(size)}", starts => Better(starts, start => start.Ms)),
        new($"startup.{size}.cold.per_worker", "ms", Worse.Higher, "the same, per worker", starts => Better(starts, start => start.Ms) / size),
        .. size == Most ? (Reading<Starts>[])
        [
            new($"startup.{size}.cold.cpu", "ms", Worse.Higher, "CPU of host, template and workers", starts => Better(starts, start => start.Reply.CpuMs)),
            new($"startup.{size}.processes", "processes", Worse.Higher, "template and workers", starts => starts[0].Reply.Processes),
            new($"startup.{size}.memory", "MB", Worse.Higher, "own memory of a worker (PSS)", starts => starts.Average(start => start.Megabytes)),
            new($"startup.{size}.stop", "ms", Worse.Higher, "disposing an idle pool", starts => starts.Min(start => start.StopMs)),
            .. StartReadings.Phases($"startup.{size}"),
            .. StartReadings.Steps($"startup.{size}", "cold"),
        ] : [],
    ];

    // Of starts as short as these the mean of all differs least: by 9 % from round to round, that of the better half by 10 %.
    private static Reading<Starts>[] Warm(int size) =>
    [
        new($"startup.{size}.warm", "ms", Worse.Higher, $"from a running template, geometric mean of {WarmStarts(size)}",
            starts => starts.Sample(start => start.Ms).GeometricMean) { Cause = size == Most ? "from a running template" : null },
        .. size == Most ? (Reading<Starts>[])
        [
            new($"startup.{size}.warm.cpu", "ms", Worse.Higher, "CPU of host and workers", starts => Better(starts, start => start.Reply.CpuMs))
                { Cause = "from a running template" },
            .. StartReadings.Steps($"startup.{size}", "warm"),
        ] : [],
    ];

    private static double Better(Starts starts, Func<PoolStart, double> value) => starts.Sample(value).LowerHalfMean;
}
