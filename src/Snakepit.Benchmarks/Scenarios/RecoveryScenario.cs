using System.Diagnostics;
using Snakepit.Measurement.Samples;
using Snakepit.Processes;

namespace Snakepit.Benchmarks.Scenarios;

/// <summary>A worker is killed in the middle of a call: how soon its caller knows, and how soon the pool has all its workers again.</summary>
internal sealed class RecoveryScenario : Scenario
{
    private const int Workers = 8;
    private const int Kills = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private SnakepitPool? _pool;

    public override string Name => "Recovery";

    public override string Description => "a worker is killed in a call: noticed, and replaced by a fork";

    public override IReadOnlyList<Metric> Metrics { get; } =
    [
        new Metric("recovery.noticed", "ms", Worse.Higher, $"until the caller is told, median of {Kills}"),
        new Metric("recovery.replaced", "ms", Worse.Higher, $"until all {Workers} workers are idle again, median"),
    ];

    public override async Task SetUpAsync() =>
        _pool = Own(await SnakepitPool.StartAsync(new SnakepitOptions { Adapter = ShowcaseAdapter, Workers = Workers }));

    public override async Task MeasureAsync(Round round)
    {
        var (noticed, replaced) = (new List<double>(), new List<double>());
        for (var kill = 0; kill < Kills; kill++)
        {
            var call = _pool!.ExecuteAsync("sleep", new { ms = Patience.TotalMilliseconds });
            var victim = _pool.GetStatistics().Workers.Single(worker => worker.CallsInFlight == 1);
            var start = Stopwatch.GetTimestamp();
            Signals.Send(victim.ProcessId, Signals.Kill);
            try
            {
                await call.WaitAsync(Patience);
                throw new ScenarioFailedException("A call has outlived its worker.", null);
            }
            catch (WorkerLostException)
            {
                noticed.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            while (_pool.GetStatistics().Count(WorkerState.Idle) < Workers)
            {
                if (Stopwatch.GetElapsedTime(start) > Patience)
                {
                    throw new ScenarioFailedException($"The pool is not back at {Workers} workers after {Patience.TotalSeconds} s.", null);
                }

                await Task.Delay(1);
            }

            replaced.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            await Task.Delay(RestartPause(round.Random));
        }

        round.Record("recovery.noticed", new Sample(noticed).Median);
        round.Record("recovery.replaced", new Sample(replaced).Median);
    }

    /// <summary>Workers live a while before they are killed: the backoff of a crash loop is not what is measured.</summary>
    private static TimeSpan RestartPause(Random random) => TimeSpan.FromMilliseconds(150 + random.Next(50));
}
