using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>
/// Tests calls for which a worker has too little memory: the caller learns it at once, wherever the memory runs out, and the pool goes on.
/// </summary>
[Collection(Alone.Name)] // these tests move large payloads, which would slow other tests down
public abstract class MemoryLimits<T>
    where T : ITestTransport
{
    private const int Mb = 40;

    // How much more a worker may map, in MiB. With the smallest number a call cannot be received, with the larger ones it fails later and
    // later.
    private static readonly int[] Limits = [2, 95, 185];

    [PythonTheory]
    [InlineData("memory_probe", 1)]
    [InlineData("memory_probe_async", 1)]
    [InlineData("memory_probe_async", 3)]
    public async Task A_worker_without_enough_memory_fails_its_call_at_once_and_the_pool_goes_on(string adapter, int capacity)
    {
        await using var pool = await SnakepitPool.StartAsync(LargeCalls.Options<T>(adapter, capacity)).InTime();
        foreach (var tool in LargeCalls.Tools(adapter).Where(tool => !tool.StartsWith("size_with_context", StringComparison.Ordinal)))
        {
            var failures = 0;
            foreach (var limit in Limits)
            {
                await pool.ExecuteAsync("limit_memory", new { mb = limit }).InTime();
                var failure = await Record.ExceptionAsync(() => LargeCalls.CallAsync(pool, tool, Mb).InTime());
                Assert.True(IsClear(failure), $"{tool} with {limit} MiB: {failure}");
                failures += failure is WorkerLostException or PythonException { PythonType: "MemoryError" } ? 1 : 0;
                await pool.WaitForIdleWorkers(1);
                await pool.ExecuteAsync("limit_memory", new { mb = 0 }).InTime();
            }

            Assert.True(failures > 0 || tool == "raise_with_attribute", $"{tool} never lacked memory");
        }
    }

    /// <summary>
    /// Whether the caller learns that memory ran out, or that the worker has ended. A timeout, for example, would be unclear.
    /// </summary>
    private static bool IsClear(Exception? failure) => failure switch
    {
        null => true,
        PythonException { PythonType: "MemoryError" or "ValueError" } => true,
        ToolArgumentException => true,
        WorkerLostException { Signal: 6 } => true, // gRPC aborts its process
        WorkerLostException lost => lost.Output.Any(line =>
            line.Contains("MemoryError", StringComparison.Ordinal) || line.Contains("can't start new thread", StringComparison.Ordinal)),
        _ => false,
    };
}

public sealed class MemoryLimitsOverGrpc : MemoryLimits<OverGrpc>;

public sealed class MemoryLimitsOverDirect : MemoryLimits<OverDirect>;
