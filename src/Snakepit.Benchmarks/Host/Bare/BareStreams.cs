using System.Diagnostics;
using Snakepit.Processes;

namespace Snakepit.Benchmarks.Host.Bare;

/// <summary>
/// Calls workers without the pool, for comparison with it. The workers, the transport and the messages are the same, but a simple loop for
/// each worker sends a ping and waits for its result. The loop has no leases, deadlines, statistics or JSON. The difference between its
/// costs and those of the pool is therefore what these features cost.
/// </summary>
internal sealed class BareStreams : IAsyncDisposable
{
    private readonly ForkSource _source;
    private readonly List<(int ProcessId, ControlConnection Control, IBareStream Stream)> _workers = [];

    private BareStreams(ForkSource source) => _source = source;

    /// <summary>The process ids of the workers.</summary>
    public IReadOnlyList<int> ProcessIds => [.. _workers.Select(worker => worker.ProcessId)];

    /// <summary>Starts the number of workers that the options ask for, and connects to each of them.</summary>
    public static async Task<BareStreams> StartAsync(SnakepitOptions options)
    {
        var launch = await PoolPreparation.PrepareAsync(options, CancellationToken.None);
        var streams = new BareStreams(await ForkSource.StartAsync(options, launch));
        for (var i = 0; i < options.Workers; i++)
        {
            var process = await streams._source.LaunchAsync(streams._source.NextWorker(), CancellationToken.None);
            var control = await process.Control;
            var report = await control.ReceiveAsync(CancellationToken.None);
            var endpoint = report?.Listening?.Endpoint ?? throw new InvalidOperationException($"A bare worker did not listen: {report}");
            streams._workers.Add((process.Id, control, options.Transport == WorkerTransport.Direct
                ? new BareDirectStream(endpoint)
                : new BareGrpcStream(endpoint, options.MaxPayloadBytes)));
        }

        return streams;
    }

    /// <summary>
    /// Sends pings to all workers at once for <paramref name="duration"/>. Returns the number of pings that were answered and the time that
    /// passed.
    /// </summary>
    public async Task<(long Calls, TimeSpan Elapsed)> RunAsync(TimeSpan duration)
    {
        var start = Stopwatch.GetTimestamp();
        var end = start + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        var calls = await Task.WhenAll(_workers.Select(worker => Task.Run(() => LoopAsync(worker.Stream, end))));
        return (calls.Sum(), Stopwatch.GetElapsedTime(start));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, control, stream) in _workers)
        {
            stream.Dispose();
            control.Dispose();
        }

        await _source.DisposeAsync();
    }

    private static async Task<long> LoopAsync(IBareStream stream, long end)
    {
        long calls = 0;
        do
        {
            await stream.PingAsync();
            calls++; // at least one call, as in ClosedLoop
        }
        while (Stopwatch.GetTimestamp() < end);

        return calls;
    }
}
