using System.Diagnostics;
using System.Globalization;
using Snakepit.Benchmarks.Probes;
using Snakepit.Benchmarks.References;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>
/// From the call to <see cref="SnakepitPool.StartAsync"/> until every worker has answered a ping: cold (no template), warm (from a template),
/// in a fresh .NET process, and one worker after another.
/// </summary>
internal sealed class StartupScenario : Scenario
{
    private const int Most = 16;
    private const int Crowd = 128;

    private static readonly int[] Sizes = [2, 4, 8, Most];

    public override string Name => "Startup";

    public override string Description => "2, 4, 8 and 16 workers ready: cold, warm, in a fresh process, one after another";

    public override IReadOnlyList<Metric> Metrics { get; } =
    [
        .. Sizes.Select(size => new Metric($"startup.{size}.cold", "ms", Worse.Higher, "no template yet")),
        .. Sizes.Select(size => new Metric($"startup.{size}.cold.per_worker", "ms", Worse.Higher, "the same, per worker")),
        .. Sizes.Select(size => new Metric($"startup.{size}.warm", "ms", Worse.Higher, "from a running template")),
        new Metric($"startup.{Most}.fresh", "ms", Worse.Higher, "cold, in a fresh .NET process"),
        new Metric($"startup.{Crowd}.cold", "ms", Worse.Higher, "no template yet"),
        new Metric($"startup.{Most}.sequential", "ms", Worse.Higher, "one interpreter after another"),
        new Metric($"startup.{Most}.speedup", "x", Worse.Lower, "one after another / cold"),
        new Metric($"memory.{Most}.per_worker", "MB", Worse.Higher, "own memory (PSS)"),
        new Metric($"stop.{Most}.idle", "ms", Worse.Higher, "disposing an idle pool"),
        new Metric($"reference.spawn.{Most}", "ms", Worse.Higher, $"{Most} `cat` processes started, each echoed a line"),
    ];

    private static SnakepitOptions Options(int workers) => new() { Adapter = ShowcaseAdapter, Workers = workers };

    public override async Task MeasureAsync(Round round)
    {
        await round.InAnyOrderAsync(
            [
                .. Sizes.Select<int, Func<Task>>(size => () => ColdAsync(round, size)),
                () => CrowdAsync(round),
                () => WarmAsync(round),
                () => SequentialAsync(round),
                async () => round.Record($"startup.{Most}.fresh", await FreshStart.MeasureAsync(Most)),
                async () => round.Record($"reference.spawn.{Most}", await SpawnReference.MeasureAsync(Most)),
            ]);
        round.Record($"startup.{Most}.speedup", round[$"startup.{Most}.sequential"] / round[$"startup.{Most}.cold"]);
    }

    private static async Task ColdAsync(Round round, int size)
    {
        var start = Stopwatch.GetTimestamp();
        var pool = await SnakepitPool.StartAsync(Options(size));
        var elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        round.Record($"startup.{size}.cold", elapsed);
        round.Record($"startup.{size}.cold.per_worker", elapsed / size);
        if (size == Most)
        {
            round.Record($"memory.{Most}.per_worker", pool.GetStatistics().Workers.Average(worker => ProportionalMegabytes(worker.ProcessId)));
        }

        start = Stopwatch.GetTimestamp();
        await pool.DisposeAsync();
        if (size == Most)
        {
            round.Record($"stop.{Most}.idle", Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
    }

    private static async Task CrowdAsync(Round round)
    {
        var start = Stopwatch.GetTimestamp();
        await using var pool = await SnakepitPool.StartAsync(Options(Crowd));
        round.Record($"startup.{Crowd}.cold", Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    private static async Task WarmAsync(Round round)
    {
        await using var template = await SnakepitTemplate.StartAsync(Options(Most));
        await round.InAnyOrderAsync([.. Sizes.Select<int, Func<Task>>(size => async () =>
        {
            var start = Stopwatch.GetTimestamp();
            await using var pool = await template.StartPoolAsync(size);
            round.Record($"startup.{size}.warm", Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        })]);
    }

    private static async Task SequentialAsync(Round round)
    {
        var pools = new Stack<SnakepitPool>();
        var start = Stopwatch.GetTimestamp();
        try
        {
            while (pools.Count < Most)
            {
                pools.Push(await SnakepitPool.StartAsync(Options(1) with { WorkerStart = WorkerStart.Spawn }));
            }

            round.Record($"startup.{Most}.sequential", Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        finally
        {
            await Task.WhenAll(pools.Select(pool => pool.DisposeAsync().AsTask()));
        }
    }

    /// <summary>Memory that would be free without this process: its private pages and its share of the shared ones.</summary>
    private static double ProportionalMegabytes(int process)
    {
        var line = File.ReadLines($"/proc/{process}/smaps_rollup").First(line => line.StartsWith("Pss:", StringComparison.Ordinal));
        return double.Parse(line["Pss:".Length..^"kB".Length], CultureInfo.InvariantCulture) / 1024;
    }
}
