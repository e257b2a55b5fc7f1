using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Measurement.Samples;

namespace Snakepit.Benchmarks.Host.Meters;

/// <summary>
/// Computes where the time of one start of a pool went: the consecutive steps of the start, and the phases of a typical worker, which
/// overlap with the phases of other workers.
/// </summary>
internal static class StartTimes
{
    /// <summary>Returns a reply that has the steps and phases of a start.</summary>
    /// <param name="pool">The pool that was started.</param>
    /// <param name="begin">When the start of the pool was requested.</param>
    /// <param name="end">When the caller received the started pool.</param>
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
