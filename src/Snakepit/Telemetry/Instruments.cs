using System.Diagnostics.Metrics;
using System.Reflection;

namespace Snakepit.Telemetry;

/// <summary>
/// The instruments of all pools of this process. Those that calls write to are properties. The others read the statistics of the
/// <see cref="ReportedPool"/>s when somebody collects them, and cost nothing otherwise.
/// </summary>
internal static class Instruments
{
    /// <summary>The version of this assembly, which the meters and sources of pools have.</summary>
    public static readonly string Version = typeof(Instruments).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private static readonly Meter Meter = new(SnakepitTelemetry.MeterName, Version);

    // From 50 µs, what a small call takes at least, to 60 s, the default limit of a call.
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries =
        [
            0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
        ],
    };

    static Instruments()
    {
        Meter.CreateObservableUpDownCounter(
            "snakepit.worker.count", Observed(WorkerCounts), "{worker}", "The number of workers, by what they are doing.");
        Meter.CreateObservableUpDownCounter(
            "snakepit.worker.limit", Observed(pool => [pool.Of(pool.Workers)]), "{worker}", "The number of workers that the pool keeps.");
        Meter.CreateObservableUpDownCounter(
            "snakepit.call.pending",
            Observed(pool => [pool.Of(pool.Statistics.QueueLength)]),
            "{call}",
            "The number of callers that wait for a worker.");
        Meter.CreateObservableUpDownCounter(
            "snakepit.session.count", Observed(pool => [pool.Of(pool.Statistics.Sessions)]), "{session}", "The number of open sessions.");
        Meter.CreateObservableUpDownCounter(
            "snakepit.worker.memory",
            Observed(pool => [pool.Of(pool.Statistics.Workers.Sum(worker => pool.MemoryOf(worker.ProcessId)))]),
            "By",
            "The resident memory of all workers. Pages that several workers share count for each of them.");
        Meter.CreateObservableCounter(
            "snakepit.worker.restarts", Observed(Restarts), "{worker}", "The number of workers that were replaced, by the reason.");
    }

    public static Histogram<double> CallDuration { get; } = Meter.CreateHistogram(
        "snakepit.call.duration",
        "s",
        "The duration of calls and streams, from when they are made to when they end for their caller.",
        tags: null,
        Seconds);

    public static Histogram<double> QueueTime { get; } = Meter.CreateHistogram(
        "snakepit.call.queue_time", "s", "The time that callers have waited for a worker.", tags: null, Seconds);

    public static Counter<long> Chunks { get; } =
        Meter.CreateCounter<long>("snakepit.stream.chunks", "{chunk}", "The number of chunks that consumers have taken out of streams.");

    private static Func<IEnumerable<Measurement<long>>> Observed(Func<ReportedPool, IEnumerable<Measurement<long>>> read) =>
        () => ReportedPool.Alive.SelectMany(read);

    private static IEnumerable<Measurement<long>> WorkerCounts(ReportedPool pool)
    {
        var statistics = pool.Statistics;
        return Enum.GetValues<WorkerState>().Select(state =>
            pool.Of(statistics.Count(state), TagNames.WorkerState, NameOf(state)));
    }

    private static string NameOf(WorkerState state) => state switch
    {
        WorkerState.Starting => "starting",
        WorkerState.Idle => "idle",
        WorkerState.Busy => "busy",
        _ => "draining",
    };

    private static IEnumerable<Measurement<long>> Restarts(ReportedPool pool)
    {
        var statistics = pool.Statistics;
        yield return pool.Of(statistics.Restarts, TagNames.RestartReason, "lost");
        yield return pool.Of(statistics.Recycles, TagNames.RestartReason, "recycled");
        yield return pool.Of(statistics.Interruptions, TagNames.RestartReason, "interrupted");
    }
}
