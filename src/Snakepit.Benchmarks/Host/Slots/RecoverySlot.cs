using System.Collections.Immutable;
using System.Diagnostics;
using Snakepit.Benchmarks.Protocol;
using Snakepit.Measurement.Samples;
using Snakepit.Processes;

namespace Snakepit.Benchmarks.Host.Slots;

/// <summary>
/// <c>recover</c> (count, seed): a worker is killed in the middle of a call, so many times: how soon its caller knows, and how soon all workers are
/// idle again; medians.
/// </summary>
internal static class RecoverySlot
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task<SlotReply> RunAsync(HostState state, SlotRequest request)
    {
        var (random, pool) = (new Random(request.Seed), state.Pool);
        var workers = pool.GetStatistics().Workers.Length;
        var (noticed, replaced) = (new List<double>(), new List<double>());
        for (var kill = 0; kill < request.Count; kill++)
        {
            // Workers live a while before they are killed: the backoff of a crash loop is not what is measured.
            await Task.Delay(TimeSpan.FromMilliseconds(150 + random.Next(50)));
            var call = pool.ExecuteAsync("sleep", new { ms = Patience.TotalMilliseconds });
            var victim = pool.GetStatistics().Workers.Single(worker => worker.CallsInFlight == 1);
            var start = Stopwatch.GetTimestamp();
            Signals.Send(victim.ProcessId, Signals.Kill);
            try
            {
                await call.WaitAsync(Patience);
                throw new InvalidOperationException("A call has outlived its worker.");
            }
            catch (WorkerLostException)
            {
                noticed.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            while (pool.GetStatistics().Count(WorkerState.Idle) < workers)
            {
                if (Stopwatch.GetElapsedTime(start) > Patience)
                {
                    throw new TimeoutException($"The pool is not back at {workers} workers after {Patience.TotalSeconds} s.");
                }

                await Task.Delay(1);
            }

            replaced.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return new SlotReply(request.Id)
        {
            Values = ImmutableDictionary<string, double>.Empty
                .Add("noticedMs", new Sample(noticed).Median)
                .Add("replacedMs", new Sample(replaced).Median),
        };
    }
}
