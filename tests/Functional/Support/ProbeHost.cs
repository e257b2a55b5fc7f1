namespace Snakepit.Tests.Functional.Support;

/// <summary>
/// The program that this assembly is when it is started by itself: the host of a pool of two workers, which tests can kill. Both workers
/// run the tool, with the markers <c>MARKER.0</c> and <c>MARKER.1</c>. It exits with 3 and says why if the pool cannot start.
/// </summary>
internal static class ProbeHost
{
    public const int StartFailed = 3;

    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is not [var start, var tool, var marker])
        {
            Console.Error.WriteLine("usage: Snakepit.Tests.Functional Fork|Spawn TOOL MARKER");
            return 2;
        }

        try
        {
            await using var pool = await SnakepitPool.StartAsync(
                Probe.Options with { WorkerStart = Enum.Parse<WorkerStart>(start), Workers = 2 });
            await Task.WhenAll(
                pool.ExecuteAsync(tool, new { marker = $"{marker}.0" }),
                pool.ExecuteAsync(tool, new { marker = $"{marker}.1" }));
            return 0;
        }
        catch (PoolStartException exception)
        {
            Console.Error.WriteLine($"{exception.GetType().Name}: {exception.Message}");
            return StartFailed;
        }
    }
}
