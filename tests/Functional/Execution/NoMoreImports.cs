using System.Text.Json;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>
/// Tests that a worker has all of its own modules when it takes its first call. Later they could be gone: the program was deployed anew, no
/// file can be opened, or a tool has replaced how Python imports.
/// </summary>
public sealed class NoMoreImports
{
    private sealed record Doubled(double[] Given);

    [NumpyTheory]
    [InlineData(WorkerTransport.Direct, WorkerStart.Fork, 1)]
    [InlineData(WorkerTransport.Direct, WorkerStart.Fork, 3)]
    [InlineData(WorkerTransport.Direct, WorkerStart.Spawn, 1)]
    [InlineData(WorkerTransport.Grpc, WorkerStart.Fork, 1)]
    [InlineData(WorkerTransport.Grpc, WorkerStart.Spawn, 3)]
    public async Task A_worker_that_can_import_nothing_more_serves_every_kind_of_call(
        WorkerTransport transport, WorkerStart start, int capacity)
    {
        var trace = new ProcessTrace();
        await using (var pool = await SnakepitPool.StartAsync(trace.Tag(Probe.Options with
        {
            Adapter = "imports_no_more",
            Workers = 1,
            Transport = transport,
            WorkerStart = start,
            MaxConcurrentCallsPerWorker = capacity,
            HostTools = new Dictionary<string, HostTool>
            {
                ["double"] = HostTool.Create((Doubled arguments) => Array.ConvertAll(arguments.Given, static item => item * 2)),
            },
        })).InTime())
        {
            await pool.ExecuteAsync("refuse_imports").InTime();
            await UseArgumentsAsync(pool);
            await UseResultsAsync(pool);
            await FailAsync(pool);
            Assert.Empty(await pool.ExecuteAsync<string[]>("wanted").InTime());
            Assert.Equal(0, pool.GetStatistics().Restarts);
        }

        trace.AssertNothingIsLeft();
    }

    private static async Task UseArgumentsAsync(SnakepitPool pool)
    {
        var order = new { made = new DateTime(2020, 1, 2), price = 1.50m, id = Guid.Empty, weights = (float[])[1, 2] };
        Assert.Equal($"2020 1.50 {Guid.Empty} 3.0", await pool.ExecuteAsync<string>("described", new { order }).InTime());
        Assert.Equal("-0.0", (await pool.ExecuteAsync<JsonElement>("back", new { given = JsonElement.Parse("-0") }).InTime()).GetRawText());
        foreach (var length in (int[])[3, 100_000])
        {
            var given = Enumerable.Range(0, length).Select(static item => item * 0.5).ToArray();
            Assert.Equal(given, await pool.ExecuteAsync<double[]>("back", new { given }).InTime());
            Assert.Equal(given, await pool.ExecuteAsync<double[]>("back_async", new { given }).InTime());
            var doubled = Array.ConvertAll(given, static item => item * 2);
            Assert.Equal(doubled, await pool.ExecuteAsync<double[]>("doubled_by_host", new { given }).InTime());
            Assert.Equal(2, await pool.StreamAsync<double[]>("chunks", new { given }).CountAsync());
            Assert.Equal(
                given, (await pool.ExecuteAsync<double[][]>("back", new { given = new[] { given, [double.NaN] } }).InTime())[0]);
        }
    }

    private static async Task UseResultsAsync(SnakepitPool pool)
    {
        var kinds = await pool.ExecuteAsync<Kinds>("every_kind").InTime();
        Assert.Equal(("2020-01-02", 1.50m, 3), (kinds.Day, kinds.Price, kinds.Bytes.Length));
        Assert.True(double.IsNaN(kinds.NoNumber));
        Assert.Equal(2, (await pool.ExecuteAsync<Dictionary<string, int>>("keys").InTime()).Count);
        Assert.Equal(901, (await pool.ExecuteAsync<JsonElement>("deep").InTime()).GetRawText().Count(static letter => letter == '['));
        Assert.Equal(100_000, (await pool.ExecuteAsync<double[]>("made_in_shared_memory").InTime()).Length);
    }

    private static async Task FailAsync(SnakepitPool pool)
    {
        await Assert.ThrowsAsync<ResultEncodingException>(() => pool.ExecuteAsync("nothing_sendable").InTime());
        await Assert.ThrowsAsync<ToolArgumentException>(() => pool.ExecuteAsync("described", new { order = new byte[3] }).InTime());
        var raised = await Assert.ThrowsAsync<PythonException>(() => pool.ExecuteAsync("fail").InTime());
        Assert.EndsWith("OutOfStock", raised.PythonType, StringComparison.Ordinal);
        Assert.Equal(["since"], raised.Attributes.EnumerateObject().Select(static one => one.Name).Order());
    }

    private sealed record Kinds(string Day, decimal Price, double NoNumber, byte[] Bytes);
}
