using System.Diagnostics;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Host.Meters;

/// <summary>Where the milliseconds of one start went: steps that follow each other, and the phases of a typical worker, which overlap.</summary>
internal static class StartSteps
{
    /// <summary>The steps in their order, by the name of their value; together they are the whole start.</summary>
    public static IReadOnlyList<(string Name, string Description)> All { get; } =
    [
        ("launch", "the interpreter is found, the template's process started"),
        ("boot", "its interpreter boots"),
        ("prepare", "it imports and prepares the adapter"),
        ("first", "the first worker is forked and reports"),
        ("others", "until the last one has"),
        ("listen", "until all listen"),
        ("answer", "until all are connected and have answered a ping"),
        ("return", "until the caller has the pool"),
    ];

    /// <summary>The name of a step's value in a reply.</summary>
    public static string ValueOf(string name) => $"step.{name}";

    /// <summary>The steps of a start, and the medians of its workers' phases, in milliseconds.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="begin">When its start was asked for.</param>
    /// <param name="end">When the caller had it.</param>
    public static Dictionary<string, double> Of(SnakepitPool pool, long begin, long end)
    {
        var (template, workers) = (pool.TemplateMoments, pool.StartMoments);
        long[] moments =
        [
            template?.Started ?? begin,
            template?.Connected ?? begin,
            template?.Prepared ?? begin,
            workers.Min(worker => worker.Connected),
            workers.Max(worker => worker.Connected),
            workers.Max(worker => worker.Listening),
            workers.Max(worker => worker.Ready),
            end,
        ];
        var values = new Dictionary<string, double>
        {
            ["interpreterMs"] = template is { } boot ? Between(boot.Started, boot.Connected) : 0,
            ["preparationMs"] = template is { } preparation ? Between(preparation.Connected, preparation.Prepared) : 0,
            ["forkMs"] = Median(workers.Select(worker => Between(worker.Launched, worker.Connected))),
            ["listenMs"] = Median(workers.Select(worker => Between(worker.Connected, worker.Listening))),
            ["firstCallMs"] = Median(workers.Select(worker => Between(worker.Listening, worker.Ready))),
        };
        foreach (var ((name, _), (from, to)) in All.Zip(moments.Prepend(begin).Zip(moments)))
        {
            values[ValueOf(name)] = Between(from, to);
        }

        return values;
    }

    private static double Between(long from, long to) => Stopwatch.GetElapsedTime(from, to).TotalMilliseconds;

    private static double Median(IEnumerable<double> times) => new Sample(times).Median;
}
