using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Samples;
using Starts = System.Collections.Generic.List<Snakepit.Benchmarks.Scenarios.PoolStart>;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>
/// Measures the time from a call of <see cref="SnakepitPool.StartAsync"/> until every worker has answered a ping: in a fresh .NET process,
/// cold (no template yet), warm (from a running template), and one worker after another. Each pool is stopped before the next start.
/// </summary>
internal sealed class StartupScenario : Scenario
{
    private const int Most = 16, Crowd = 128;

    // Starts of 8 workers vary more than starts of 16 workers, so more of them are measured. Starts of 2 and 4 workers are not judged,
    // because whatever makes them slower also makes starts of 8 and 16 workers slower.
    private static readonly PoolSize Few = new(4, ColdStarts: 3, WarmStarts: 3);
    private static readonly PoolSize[] Sizes = [new(2, 3, 3), Few, new(8, 6, 7), new(Most, 5, 7)];

    private static readonly Reading<Starts>[] OfFresh =
    [
        new("startup.16.fresh", "ms", Worse.Higher, "cold, in a fresh .NET process", starts => starts.Min(start => start.Ms))
            { Cause = "just-in-time compilation" },
        .. StartReadings.Steps("startup.16", "fresh"),
    ];

    private static readonly Reading<DurationReply>[] OfTemplate =
        [new("startup.template", "ms", Worse.Higher, "interpreter, imports and preparation", reply => reply.Ms)];

    private static readonly Reading<(double Crowd, double Sequential, double Cold)>[] OfCandidate =
    [
        new("startup.128.cold", "ms", Worse.Higher, "no template yet", ms => ms.Crowd) { IsCandidateOnly = true },
        new("startup.4.sequential", "ms", Worse.Higher, "one interpreter after another", ms => ms.Sequential) { IsCandidateOnly = true },
        new("startup.4.speedup", "x", Worse.Lower, "one after another / cold, 4 workers", ms => ms.Sequential / ms.Cold)
            { IsCandidateOnly = true },
    ];

    public override string Name => "Startup";

    public override string Description => "2, 4, 8 and 16 workers ready: in a fresh process, cold, warm, one after another";

    public override IReadOnlyList<Reading> Readings { get; } =
    [
        .. OfFresh.Concat(Sizes.SelectMany(size => size.Cold)).Concat(Sizes.SelectMany(size => size.Warm)).Concat<Reading>(OfTemplate)
            .Concat(OfCandidate).OrderBy(reading => reading.IsCandidateOnly),
    ];

    public override TimeBreakdown Breakdown { get; } = StartReadings.Breakdown("startup.16", Most);

    public override async Task MeasureAsync(Round round)
    {
        await PoolStart.RecordFreshAsync(round, new StartSlot(Most), OfFresh);
        var sizes = Sizes.Where(size => size.IsJudged || round.IsRare).ToList();
        var cold = sizes.Where(size => round.Wants(size.Cold));
        var warm = sizes.Where(size => round.Wants(size.Warm)).ToList();
        await round.InAnyOrderAsync([.. cold.Select<PoolSize, Func<Task>>(size => () => round.RecordAsync(
            size.ColdStarts, arm => PoolStart.RunAsync(round, arm, new StartSlot(size.Workers), size.Workers == Most), size.Cold))]);
        if (warm.Count > 0)
        {
            await round.EachAsync(async arm => round.Record(arm, OfTemplate, await round.RunAsync(arm, new TemplateSlot(Most))));
            await round.InAnyOrderAsync([.. warm.Select<PoolSize, Func<Task>>(size => () => round.RecordAsync(
                size.WarmStarts, arm => PoolStart.RunAsync(round, arm, new StartSlot(size.Workers, StartKind.Warm)), size.Warm))]);
        }

        if (round.IsRare && round.Wants(OfCandidate))
        {
            await round.EachAsync(async arm => round.Record(arm, OfCandidate, arm.Side == Side.Pin ? default : (
                (await PoolStart.RunAsync(round, arm, new StartSlot(Crowd))).Ms,
                (await round.RunAsync(arm, new SequentialStartsSlot(Few.Workers))).Ms,
                round.Of(arm.Side)[Few.Cold[0].Key])));
        }
    }

    /// <summary>A number of workers, how many such pools a round starts on each side, and the metrics of these starts.</summary>
    private sealed record PoolSize(int Workers, int ColdStarts, int WarmStarts)
    {
        public bool IsJudged => Workers >= 8;

        public Reading<Starts>[] Cold { get; } =
        [
            StartReadings.BetterHalf($"startup.{Workers}.cold", $"no template yet, better half of {ColdStarts}", start => start.Ms),
            StartReadings.BetterHalf($"startup.{Workers}.cold.per_worker", "the same, per worker", start => start.Ms / Workers),
            .. Workers == Most ? StartReadings.ColdDetails($"startup.{Workers}") : [],
        ];

        // The geometric mean of all starts varies by 9 % from round to round, and the mean of the faster half by 10 %.
        public Reading<Starts>[] Warm { get; } =
        [
            new($"startup.{Workers}.warm", "ms", Worse.Higher, $"from a running template, geometric mean of {WarmStarts}",
                starts => starts.Sample(start => start.Ms).GeometricMean) { Cause = Workers == Most ? StartReadings.FromTemplate : null },
            .. Workers == Most ? StartReadings.WarmDetails($"startup.{Workers}") : [],
        ];
    }
}
