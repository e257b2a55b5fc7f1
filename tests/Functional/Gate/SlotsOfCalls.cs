using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Machines;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Repository;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>Tests the slots that measure streams, sessions and calls from Python to .NET, in hosts that are real processes.</summary>
public sealed class SlotsOfCalls
{
    private const double MostMs = 20_000;

    [Theory]
    [InlineData(WorkerTransport.Grpc)]
    [InlineData(WorkerTransport.Direct)]
    public async Task A_host_measures_how_soon_streams_begin_and_how_fast_they_are(WorkerTransport transport)
    {
        await using var arm = await StartAsync(transport, workers: 3);
        var first = await arm.RunAsync(new FirstChunkSlot(Count: 5), CancellationToken.None);
        Assert.InRange(first.FirstChunkMs, 0.01, MostMs);
        Assert.InRange(first.PingMs, 0.01, MostMs);

        var streams = await arm.RunAsync(new StreamsSlot(Streams: 3, Chunks: 40), CancellationToken.None);
        Assert.Equal(120, streams.Calls);
        Assert.InRange(streams.Rate, 1, 1e7);
        Assert.InRange(streams.GapP99Ms, 0.0001, MostMs);
    }

    [Theory]
    [InlineData(WorkerTransport.Grpc)]
    [InlineData(WorkerTransport.Direct)]
    public async Task A_reader_that_pauses_costs_as_many_chunks_as_the_buffer_of_a_stream_has(WorkerTransport transport)
    {
        const int Characters = 100_000;
        await using var arm = await StartAsync(transport, workers: 1);
        var slot = new SlowReaderSlot(Chunks: 60, Characters, PauseMs: 2_000);
        await arm.RunAsync(slot with { PauseMs = 1 }, CancellationToken.None); // it also allocates what later ones use again
        var slow = await arm.RunAsync(slot, CancellationToken.None);
        var buffer = new SnakepitOptions { Adapter = "any" }.StreamBuffer;
        Assert.InRange(slow.Ahead, buffer - 1, buffer + 4);
        // Less than the buffer if memory that was in use before is free now, more because .NET rents larger arrays than it needs.
        Assert.InRange(slow.HeldBytes, buffer * Characters / 2, 2 * buffer * Characters);
    }

    [Theory]
    [InlineData(WorkerTransport.Grpc)]
    [InlineData(WorkerTransport.Direct)]
    public async Task A_host_measures_calls_of_sessions_and_counts_those_that_keep_their_state(WorkerTransport transport)
    {
        await using var arm = await StartAsync(transport, workers: 2);
        foreach (var use in Enum.GetValues<SessionUse>())
        {
            var loop = await arm.RunAsync(new SessionLoopSlot(use, Callers: 4, Milliseconds: 50), CancellationToken.None);
            Assert.InRange(loop.Calls, 4, 1e7);
            Assert.InRange(loop.Rate, 0.1, 1e7);
            Assert.InRange(loop.P99Ms, 0.01, MostMs);
        }

        var zipf = await arm.RunAsync(new ZipfSessionsSlot(Sessions: 50, Callers: 6, Count: 300, Seed: 7), CancellationToken.None);
        Assert.Equal((50, 300, 2), (zipf.Right, zipf.Calls, zipf.Homes));
        Assert.InRange(zipf.Rate, 1, 1e7);
    }

    [Theory]
    [InlineData(WorkerTransport.Grpc)]
    [InlineData(WorkerTransport.Direct)]
    public async Task A_host_measures_calls_from_python_to_dotnet_one_by_one_nested_and_many_at_once(WorkerTransport transport)
    {
        await using var arm = await StartAsync(transport, workers: 3);
        var single = await arm.RunAsync(new HostCallSlot(Count: 20), CancellationToken.None);
        Assert.Equal(20, single.Samples.Length);
        Assert.All(single.Samples, microseconds => Assert.InRange(microseconds, 1, 20_000_000));

        var nested = await arm.RunAsync(new NestedHostCallSlot(Depth: 3, Count: 4), CancellationToken.None);
        Assert.Equal(4, nested.Samples.Length);
        Assert.All(nested.Samples, microseconds => Assert.InRange(microseconds, 1, 20_000_000));

        var loop = await arm.RunAsync(new HostCallLoopSlot(Callers: 3, Milliseconds: 50), CancellationToken.None);
        Assert.InRange(loop.Calls, 30, 1e7);
        Assert.InRange(loop.Rate, 1, 1e7);
    }

    private static async Task<Arm> StartAsync(WorkerTransport transport, int workers)
    {
        var arm = await Arm.StartAsync(
            Side.Candidate, CandidateBuild.Directory, await ThisMachine.PythonAsync(), settled: false, CancellationToken.None);
        await arm.RunAsync(new TransportSlot(transport), CancellationToken.None);
        Assert.InRange((await arm.RunAsync(new StartToolsSlot(workers), CancellationToken.None)).Ms, 1, 60_000);
        return arm;
    }
}
