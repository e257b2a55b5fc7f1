using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Snakepit.Processes;
using Snakepit.Protocol.Grpc;
using Snakepit.Protocol.V1;

namespace Snakepit.Benchmarks.References;

/// <summary>
/// The same workers and the same frames without the pool: one loop per worker, written by hand against the gRPC client, that sends a ping and
/// waits for its result. No leases, deadlines, statistics or JSON on this side; what the pool costs is the difference.
/// </summary>
internal sealed class BareStreams : IAsyncDisposable
{
    private readonly ForkSource _source;
    private readonly List<Stream> _streams = [];
    private readonly List<int> _processes = [];

    private BareStreams(ForkSource source) => _source = source;

    public static async Task<BareStreams> StartAsync(SnakepitOptions options)
    {
        var interpreter = await PythonLocator.LocateAsync(options.PythonPath, CancellationToken.None);
        var streams = new BareStreams(await ForkSource.StartAsync(options, interpreter));
        for (var i = 0; i < options.Workers; i++)
        {
            var process = await streams._source.LaunchAsync(streams._source.NextWorker(), CancellationToken.None);
            var control = await process.Control;
            streams._processes.Add(process.Id);
            var report = await control.ReceiveAsync(CancellationToken.None);
            var endpoint = report?.Listening?.Endpoint ?? throw new InvalidOperationException($"A bare worker did not listen: {report}");
            var channel = GrpcTransport.CreateChannel(endpoint, options.MaxPayloadBytes);
            streams._streams.Add(new Stream(control, channel, new Worker.WorkerClient(channel).Attach()));
        }

        return streams;
    }

    /// <summary>The workers' processes.</summary>
    public IReadOnlyList<int> ProcessIds => _processes;

    /// <summary>Pings through every stream for that long and returns the calls of all together.</summary>
    public async Task<(long Calls, TimeSpan Elapsed)> RunAsync(TimeSpan duration)
    {
        var start = Stopwatch.GetTimestamp();
        var end = start + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        var calls = await Task.WhenAll(_streams.Select(stream => Task.Run(() => stream.LoopAsync(end))));
        return (calls.Sum(), Stopwatch.GetElapsedTime(start));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var stream in _streams)
        {
            stream.Dispose();
        }

        await _source.DisposeAsync();
    }

    private sealed class Stream(ControlConnection control, GrpcChannel channel, AsyncDuplexStreamingCall<HostFrame, WorkerFrame> call) : IDisposable
    {
        private ulong _lastId;

        public async Task<long> LoopAsync(long end)
        {
            long calls = 0;
            while (Stopwatch.GetTimestamp() < end)
            {
                await call.RequestStream.WriteAsync(new HostFrame { Call = new Call { Id = ++_lastId, Tool = "ping", Arguments = ByteString.Empty } });
                if (!await call.ResponseStream.MoveNext(CancellationToken.None) || call.ResponseStream.Current.Result?.Call != _lastId)
                {
                    throw new InvalidOperationException($"A bare worker did not answer its ping: {call.ResponseStream.Current}");
                }

                calls++;
            }

            return calls;
        }

        public void Dispose()
        {
            call.Dispose();
            channel.Dispose();
            control.Dispose();
        }
    }
}
