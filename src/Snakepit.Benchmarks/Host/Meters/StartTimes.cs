using System.Diagnostics;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Host.Meters;

/// <summary>
/// Where the milliseconds of one start went: its steps, which follow each other, and the phases of a typical worker, which overlap.
/// </summary>
internal static class StartTimes
{
    /// <summary>The steps and phases of a start.</summary>
    /// <param name="pool">The pool that was started.</param>
    /// <param name="begin">When the start was asked for.</param>
    /// <param name="end">When the caller had the pool.</param>
    public static StartReply Of(SnakepitPool pool, long begin, long end)
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
        var reply = new StartReply
        {
            InterpreterMs = template is { } boot ? Between(boot.Started, boot.Connected) : 0,
            PreparationMs = template is { } preparation ? Between(preparation.Connected, preparation.Prepared) : 0,
            ForkMs = Median(workers.Select(worker => Between(worker.Launched, worker.Connected))),
            ListenMs = Median(workers.Select(worker => Between(worker.Connected, worker.Listening))),
            FirstCallMs = Median(workers.Select(worker => Between(worker.Listening, worker.Ready))),
        };
        foreach (var (step, (from, to)) in StartStep.All.Zip(moments.Prepend(begin).Zip(moments)))
        {
            reply = reply.WithStep(step, Between(from, to));
        }

        return reply;
    }

    private static double Between(long from, long to) => Stopwatch.GetElapsedTime(from, to).TotalMilliseconds;

    private static double Median(IEnumerable<double> times) => new Sample(times).Median;
}
