using System.Globalization;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>Tests that an idle worker does not keep the arguments, results and chunks of calls that have ended.</summary>
[Collection(Alone.Name)] // these tests move large payloads, which would slow other tests down
public abstract class KeptMemory<T>
    where T : ITestTransport
{
    private const int Mb = 40; // glibc returns blocks of more than 32 MiB to the kernel as soon as they are free
    private const long MostKept = (long)Mb * 1024 * 1024 / 2;

    [PythonTheory]
    [InlineData("memory_probe", 1)]
    [InlineData("memory_probe_async", 1)]
    [InlineData("memory_probe_async", 3)]
    public async Task An_idle_worker_keeps_nothing_of_the_size_of_an_ended_call(string adapter, int capacity)
    {
        await using var pool = await SnakepitPool.StartAsync(LargeCalls.Options<T>(adapter, capacity)).InTime();
        await pool.ExecuteAsync("size", new { text = "" }).InTime();
        var worker = Assert.Single(pool.ProcessIds());
        var before = Resident(worker);
        foreach (var tool in LargeCalls.Tools(adapter))
        {
            var failure = await Record.ExceptionAsync(() => LargeCalls.CallAsync(pool, tool, Mb).InTime());
            Assert.True(failure is null or PythonException or ToolArgumentException, $"{tool}: {failure}");
            await Eventually.True(
                () => Resident(worker) - before < MostKept,
                () => $"the worker has given back the memory of {tool}: it had {before:N0} bytes, and has {Resident(worker):N0}",
                TimeSpan.FromSeconds(5));
        }
    }

    private static long Resident(int process)
    {
        var pages = File.ReadAllText($"/proc/{process}/statm").Split(' ')[1];
        return long.Parse(pages, CultureInfo.InvariantCulture) * Environment.SystemPageSize;
    }
}

public sealed class KeptMemoryOverGrpc : KeptMemory<OverGrpc>;

public sealed class KeptMemoryOverDirect : KeptMemory<OverDirect>;
