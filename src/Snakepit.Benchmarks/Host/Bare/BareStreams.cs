using System.Diagnostics;
using Snakepit.Processes;

namespace Snakepit.Benchmarks.Host.Bare;

/// <summary>
/// The same workers and the same frames without the pool: for each worker a loop, written by hand over the same transport, that sends a
/// ping and waits for its result. It has no leases, deadlines, statistics or JSON, so that the difference to the pool is what those cost.
/// </summary>
internal sealed class BareStreams : IAsyncDisposable
{
    private readonly ForkSource _source;
    private readonly List<(int ProcessId, ControlConnection Control, IBareStream Stream)> _workers = [];

    private BareStreams(ForkSource source) => _source = source;

    /// <summary>The processes of the workers.</summary>
    public IReadOnlyList<int> ProcessIds => [.. _workers.Select(worker => worker.ProcessId)];

    /// <summary>Starts as many workers as the options say, and connects to each.</summary>
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

    /// <summary>Pings through all streams at once for that long, and returns how many pings were answered in which time.</summary>
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
        while (Stopwatch.GetTimestamp() < end)
        {
            await stream.PingAsync();
            calls++;
        }

        return calls;
    }
}
