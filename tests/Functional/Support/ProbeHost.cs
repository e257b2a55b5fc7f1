namespace Snakepit.Tests.Functional.Support;

/// <summary>
/// The program that this assembly is when it is started by itself: a host of a pool that tests can kill. It prints the process ids of its
/// template and workers, makes the call it was asked for, and waits to be ended.
/// </summary>
internal static class ProbeHost
{
    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is not [var start, var tool, ..])
        {
            Console.Error.WriteLine("usage: Snakepit.Tests.Functional Fork|Spawn TOOL");
            return 2;
        }

        await using var pool = await SnakepitPool.StartAsync(Probe.Options with { WorkerStart = Enum.Parse<WorkerStart>(start), Workers = 2 });
        var calls = new[] { pool.ExecuteAsync(tool), pool.ExecuteAsync(tool) };
        Console.WriteLine("running");
        await Task.WhenAll(calls);
        return 0;
    }
}
