using System.Collections.Immutable;
using Snakepit.Threading;

namespace Snakepit.Workers;

/// <summary>
/// The heartbeat of a pool. One timer checks all workers of the pool at the same moment, so an idle pool wakes the processor once in an
/// interval, however many workers it has.
/// </summary>
/// <param name="interval">The time from one check to the next, which is also the time that a worker may take to answer a ping.</param>
/// <param name="time">The clock for the interval.</param>
/// <param name="background">Runs the heartbeat until the pool is disposed.</param>
internal sealed class Heartbeat(TimeSpan interval, TimeProvider time, BackgroundWork background)
{
    private ImmutableArray<WorkerMonitor> _monitors = [];

    /// <summary>Begins to check workers.</summary>
    public void Start() => background.Run(RunAsync);

    /// <summary>Adds a worker, which is checked from the next heartbeat on.</summary>
    public void Add(WorkerMonitor monitor) => ImmutableInterlocked.Update(ref _monitors, static (all, one) => all.Add(one), monitor);

    /// <summary>Removes a worker. A heartbeat that runs at this moment may still check it.</summary>
    public void Remove(WorkerMonitor monitor) => ImmutableInterlocked.Update(ref _monitors, static (all, one) => all.Remove(one), monitor);

    private async Task RunAsync()
    {
        while (true)
        {
            // The pause begins after the pings have been sent. So each worker has at least an interval for its answer, even if this loop
            // was delayed.
            await Task.Delay(interval, time, background.Stopping).ConfigureAwait(false);
            await BeatAsync().ConfigureAwait(false);
        }
    }

    private async Task BeatAsync()
    {
        var monitors = _monitors;
        var noticesAnswers = !monitors.Any(static monitor => monitor.AwaitsAnswer) || await HadThreadsAsync().ConfigureAwait(false);
        foreach (var monitor in monitors)
        {
            try
            {
                monitor.Beat(noticesAnswers);
            }
            catch (Exception exception)
            {
                background.Run(() => Task.FromException(exception)); // reports it; the other workers are checked nevertheless
            }
        }
    }

    /// <summary>
    /// Tells whether an answer would have been noticed. Answers are read on the thread pool. If its threads are all blocked, the heartbeat
    /// says nothing about the workers.
    /// </summary>
    private async Task<bool> HadThreadsAsync()
    {
        var queued = time.GetTimestamp();
        var started = new TaskCompletionSource();
        ThreadPool.UnsafeQueueUserWorkItem(static started => started.SetResult(), started, preferLocal: false); // behind all that waits
        await started.Task.ConfigureAwait(false);
        return time.GetElapsedTime(queued) < interval;
    }
}
