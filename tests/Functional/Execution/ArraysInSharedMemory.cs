using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>Tests that large arrays travel in shared memory, stay valid while somebody uses them, and are given back afterwards.</summary>
public abstract class ArraysInSharedMemory<T>
    where T : ITestTransport
{
    private const int Large = 500_000;

    private sealed record Doubled(double[] Given);

    [NumpyTheory]
    [InlineData(WorkerStart.Fork, 1)]
    [InlineData(WorkerStart.Fork, 3)]
    [InlineData(WorkerStart.Spawn, 1)]
    public async Task Arrays_of_every_size_come_back_unchanged_from_calls_streams_sessions_and_host_tools(WorkerStart start, int capacity)
    {
        await using var memory = await StartAsync(start, capacity);
        var pool = memory.Pool;
        await using var session = pool.OpenSession("arrays");
        foreach (var length in (int[])[1, 8_191, 8_192, 8_193, 130_000, 2_000_000])
        {
            var given = Enumerable.Range(0, length).Select(static item => item * 0.5).ToArray();
            Assert.Equal(given, await pool.ExecuteAsync<double[]>("back", new { given }).InTime());
            Assert.Equal(given, await pool.ExecuteAsync<double[]>("back_async", new { given }).InTime());
            Assert.Equal(given, await session.ExecuteAsync<double[]>("back", new { given }).InTime());
            var doubled = await pool.ExecuteAsync<double[]>("doubled_by_host", new { given }).InTime();
            Assert.Equal(Array.ConvertAll(given, static item => item * 2), doubled);
            var bytes = new byte[length];
            new Random(length).NextBytes(bytes);
            Assert.Equal(bytes, await pool.ExecuteAsync<byte[]>("as_bytes", new { given = bytes }).InTime());
            foreach (var tool in (string[])["chunks", "chunks_async"])
            {
                var number = 0;
                await foreach (var chunk in pool.StreamAsync<double[]>(tool, new { given, count = 20 }))
                {
                    Assert.Equal(given[^1] + number++, chunk[^1]);
                }

                Assert.Equal(20, number);
            }
        }

        await memory.AssertGivenBack();
    }

    [NumpyTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_view_that_a_tool_keeps_stays_valid_while_other_calls_use_the_memory_and_is_given_back_when_it_is_dropped(
        WorkerStart start)
    {
        await using var memory = await StartAsync(start);
        var pool = memory.Pool;
        for (var number = 1; number <= 3; number++)
        {
            await pool.ExecuteAsync("keep", new { given = Filled(number) }).InTime();
            Assert.Equal(-Large, await pool.ExecuteAsync<double>("total", new { given = Filled(-1) }).InTime());
        }

        Assert.Equal(3L * Large * sizeof(double), memory.Lent);
        Assert.Equal(6 * Large / 2, await pool.ExecuteAsync<double>("kept_total").InTime());
        await pool.ExecuteAsync("drop").InTime();
        await memory.AssertGivenBack();
    }

    [NumpyFact]
    public async Task A_view_in_a_session_is_given_back_when_the_session_ends()
    {
        await using var memory = await StartAsync();
        await using (var session = memory.Pool.OpenSession("kept"))
        {
            await session.ExecuteAsync("keep", new { given = Filled(2) }).InTime();
            Assert.Equal(Large, await session.ExecuteAsync<double>("kept_total").InTime());
            Assert.Equal(Large * sizeof(double), memory.Lent);
        }

        await memory.Pool.ExecuteAsync("drop").InTime(); // collects what refers to itself
        await memory.AssertGivenBack();
    }

    [NumpyTheory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Calls_that_are_refused_or_fail_give_their_arrays_back(int capacity)
    {
        await using var memory = await StartAsync(capacity: capacity);
        var pool = memory.Pool;
        await Assert.ThrowsAsync<UnknownToolException>(() => pool.ExecuteAsync("no_such_tool", new { given = Filled(1) }).InTime());
        await Assert.ThrowsAsync<ToolArgumentException>(() => pool.ExecuteAsync("as_bytes", new { given = Filled(1) }).InTime());
        await Assert.ThrowsAsync<ToolArgumentException>(
            () => pool.ExecuteAsync("total", new { given = Filled(1), other = Filled(1) }).InTime());
        await Assert.ThrowsAsync<ToolArgumentException>(
            () => pool.ExecuteAsync("total", new Dictionary<string, object> { ["given"] = Filled(1), ["x"] = typeof(int) }).InTime());
        await Assert.ThrowsAsync<PythonException>(() => pool.ExecuteAsync("fail", new { given = Filled(1) }).InTime());
        await Assert.ThrowsAsync<ResultConversionException>(() => pool.ExecuteAsync<int>("back", new { given = Filled(1) }).InTime());
        await pool.ExecuteAsync("back", new { given = Filled(1) }).InTime();
        await pool.ExecuteAsync("drop").InTime();
        await memory.AssertGivenBack();
    }

    [NumpyTheory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Cancelled_calls_and_abandoned_streams_give_their_arrays_back(int capacity)
    {
        await using var memory = await StartAsync(capacity: capacity);
        var pool = memory.Pool;
        using var marker = new Marker();
        using var giveUp = new CancellationTokenSource();
        var running = pool.ExecuteAsync("wait", new { given = Filled(1), marker = marker.Path }, cancellationToken: giveUp.Token);
        await marker.WrittenAsync();
        var waiting = Enumerable.Range(0, 2 * capacity).Select(
            _ => pool.ExecuteAsync("back", new { given = Filled(1) }, cancellationToken: giveUp.Token)).ToList();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.InTime());
        foreach (var call in waiting)
        {
            try
            {
                await call.InTime();
            }
            catch (OperationCanceledException)
            {
            }
        }

        await foreach (var chunk in pool.StreamAsync<double[]>("chunks", new { given = Filled(1), count = 100 }))
        {
            Assert.Equal(1, chunk[0]);
            break;
        }

        await memory.AssertGivenBack();
    }

    [NumpyTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_worker_that_ends_gives_back_what_it_held_and_a_retry_sends_the_array_again(WorkerStart start)
    {
        await using var memory = await StartAsync(start);
        var pool = memory.Pool;
        await pool.ExecuteAsync("keep", new { given = Filled(1) }).InTime();
        var lost = Assert.Single(pool.ProcessIds());
        await Assert.ThrowsAsync<WorkerLostException>(
            () => pool.ExecuteAsync("end", new { given = Filled(1) }, new() { Idempotent = true }).InTime());
        await OsProcess.Gone(lost);
        Assert.Equal(Large, await pool.ExecuteAsync<double>("total", new { given = Filled(1) }).InTime());
        await memory.AssertGivenBack();
    }

    [NumpyFact]
    public async Task A_tool_cannot_write_to_the_memory_of_its_arguments_in_any_way()
    {
        await using var memory = await StartAsync(WorkerStart.Spawn);
        var faults = await memory.Pool.ExecuteAsync<string[]>("try_to_write", new { given = Filled(1) }).InTime();
        Assert.Equal(4, faults.Length);
        Assert.Contains("read-only", faults[0], StringComparison.Ordinal);
        Assert.Contains("cannot set WRITEABLE", faults[1], StringComparison.Ordinal);
        Assert.All(faults[2..], fault => Assert.Contains("Operation not permitted", fault, StringComparison.Ordinal));
    }

    [NumpyFact]
    public async Task Many_callers_at_a_time_get_the_arrays_that_they_have_sent()
    {
        await using var memory = await StartAsync(capacity: 2, workers: 3);
        await Parallel.ForAsync(0, 300, async (number, cancelled) =>
        {
            var given = new double[8_192 + (1_000 * (number % 60))];
            given.AsSpan().Fill(number);
            var tool = number % 2 == 0 ? "back" : "back_async";
            Assert.Equal(given, await memory.Pool.ExecuteAsync<double[]>(tool, new { given }, cancellationToken: cancelled).InTime());
        });
        await memory.AssertGivenBack();
    }

    private static double[] Filled(double value)
    {
        var filled = new double[Large];
        filled.AsSpan().Fill(value);
        return filled;
    }

    private static async Task<PoolWithMemory> StartAsync(WorkerStart start = WorkerStart.Fork, int capacity = 1, int workers = 1)
    {
        var trace = new ProcessTrace();
        var options = Probe.Over<T>() with
        {
            Adapter = "memory_tools",
            Workers = workers,
            WorkerStart = start,
            MaxConcurrentCallsPerWorker = capacity,
            HostTools = new Dictionary<string, HostTool>
            {
                ["double"] = HostTool.Create((Doubled arguments) => Array.ConvertAll(arguments.Given, static item => item * 2)),
            },
        };
        return new PoolWithMemory(await SnakepitPool.StartAsync(trace.Tag(options)).InTime(), trace);
    }

    private sealed record PoolWithMemory(SnakepitPool Pool, ProcessTrace Trace) : IAsyncDisposable
    {
        public long Lent => Pool.GetStatistics().Workers.Sum(static worker => worker.BytesLent);

        private long Borrowed => Pool.GetStatistics().Workers.Sum(static worker => worker.BytesBorrowed);

        /// <summary>Waits until all memory was given back, with pings at the latest.</summary>
        public async Task AssertGivenBack()
        {
            await Eventually.True(() => Lent == 0, () => $"{Lent:N0} bytes are not lent any more");
            await Eventually.True(() => Borrowed == 0, () => $"{Borrowed:N0} bytes are not borrowed any more");
        }

        public async ValueTask DisposeAsync()
        {
            await Pool.DisposeAsync().InTime();
            Trace.AssertNothingIsLeft();
        }
    }
}

public sealed class ArraysInSharedMemoryOverGrpc : ArraysInSharedMemory<OverGrpc>;

public sealed class ArraysInSharedMemoryOverDirect : ArraysInSharedMemory<OverDirect>;
