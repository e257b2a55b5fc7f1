namespace Snakepit.Tests.Functional.Support;

/// <summary>
/// The main program of this assembly. Tests start it as a separate host process that they can kill. The program starts a pool of two
/// workers and runs one tool in both. The two calls get the marker files <c>MARKER.0</c> and <c>MARKER.1</c>; MARKER is an argument of the
/// program. If the pool cannot start, the program writes the error to standard error and exits with code 3.
/// </summary>
internal static class ProbeHost
{
    public const int StartFailed = 3;

    /// <summary>The environment variable that names the transport; without it, the program takes gRPC.</summary>
    public const string TransportVariable = "PROBE_TRANSPORT";

    private static WorkerTransport Transport =>
        Environment.GetEnvironmentVariable(TransportVariable) is { } name ? Enum.Parse<WorkerTransport>(name) : WorkerTransport.Grpc;

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
                Probe.Options with { WorkerStart = Enum.Parse<WorkerStart>(start), Workers = 2, Transport = Transport });
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
