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
    /// <param name="begin">When the start was requested.</param>
    /// <param name="end">When the caller had the pool.</param>
    public static StartReply Of(PoolStatistics pool, DateTimeOffset begin, DateTimeOffset end)
    {
        var template = pool.Template is { IsShared: false, Connected: not null, Prepared: not null } own ? own : null;
        WorkerStartTimes[] workers = [.. pool.Workers.Select(worker => worker.Start).OfType<WorkerStartTimes>()];
        DateTimeOffset[] moments =
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
            InterpreterMs = template is null ? 0 : Between(template.Started, template.Connected!.Value),
            PreparationMs = template is null ? 0 : Between(template.Connected!.Value, template.Prepared!.Value),
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

    private static double Between(DateTimeOffset from, DateTimeOffset to) => (to - from).TotalMilliseconds;

    private static double Median(IEnumerable<double> times) => new Sample(times).Median;
}
