using System.Reflection;
using Microsoft.Win32.SafeHandles;
using Snakepit.Processes;

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

    /// <summary>
    /// The environment variable with numbers of file descriptors. If it is given, the program runs no tool: it starts a pool several times,
    /// each time with so many free descriptors, and writes for each how that has ended.
    /// </summary>
    public const string DescriptorsVariable = "PROBE_DESCRIPTORS";

    /// <summary>
    /// The environment variable with the name of an adapter that Python finds without <see cref="SnakepitOptions.ModulePaths"/>.
    /// </summary>
    public const string AdapterVariable = "PROBE_ADAPTER";

    /// <summary>
    /// The environment variable with a directory. If it is given, the program names its directories of modules relative to its working
    /// directory, starts a pool, makes that directory its working directory, and kills all processes of the pool before it runs the tool.
    /// </summary>
    public const string LaterDirectoryVariable = "PROBE_LATER_DIRECTORY";

    /// <summary>
    /// The environment variable with the path of a requirements file. If it is given, the pool has an environment that is made from it
    /// without the network. The folders <c>wheels</c> and <c>cache</c> lie beside the file.
    /// </summary>
    public const string EnvironmentVariable = "PROBE_REQUIREMENTS";

    private static WorkerTransport Transport =>
        Environment.GetEnvironmentVariable(TransportVariable) is { } name ? Enum.Parse<WorkerTransport>(name) : WorkerTransport.Grpc;

    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is not [var start, var tool, var marker])
        {
            Console.Error.WriteLine("usage: Snakepit.Tests.Functional Fork|Spawn TOOL MARKER");
            return 2;
        }

        var options = Probe.Options with { WorkerStart = Enum.Parse<WorkerStart>(start), Workers = 2, Transport = Transport };
        if (Environment.GetEnvironmentVariable(AdapterVariable) is { } adapter)
        {
            options = options with { Adapter = adapter, ModulePaths = [] };
        }

        if (Environment.GetEnvironmentVariable(EnvironmentVariable) is { } requirements)
        {
            var place = Path.GetDirectoryName(requirements)!;
            options = options with
            {
                Environment = PythonEnvironment.FromRequirements(requirements) with
                {
                    Offline = true,
                    Wheels = Path.Combine(place, "wheels"),
                    CacheDirectory = Path.Combine(place, "cache"),
                },
            };
        }

        if (Environment.GetEnvironmentVariable(DescriptorsVariable) is { } numbers)
        {
            await StartWithDescriptorsAsync(options with { Workers = 8 }, Array.ConvertAll(numbers.Split(','), int.Parse));
            return 0;
        }

        var later = Environment.GetEnvironmentVariable(LaterDirectoryVariable);
        if (later is not null)
        {
            options = options with
            {
                ModulePaths = [.. options.ModulePaths.Select(path => Path.GetRelativePath(Environment.CurrentDirectory, path))],
            };
        }

        try
        {
            await using var pool = await SnakepitPool.StartAsync(options);
            if (later is not null)
            {
                Environment.CurrentDirectory = later;
                await KillAllAsync(pool);
            }

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

    private static async Task KillAllAsync(SnakepitPool pool)
    {
        var statistics = pool.GetStatistics();
        int[] old = [.. statistics.Workers.Select(worker => worker.ProcessId)];
        foreach (var process in statistics.Template is { } template ? [template.ProcessId, .. old] : old)
        {
            Signals.Send(process, Signals.Kill);
        }

        await Eventually.True(
            () => !pool.GetStatistics().Workers.Any(worker => old.Contains(worker.ProcessId)), "the killed workers are gone");
    }

    private static async Task StartWithDescriptorsAsync(SnakepitOptions options, int[] numbers)
    {
        // The runtime itself ends the program if it needs a descriptor for an assembly or for a thread of the thread pool.
        LoadAll(typeof(SnakepitPool).Assembly, []);
        ThreadPool.SetMinThreads(32, 32);
        using (var together = new Barrier(32))
        {
            await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(together.SignalAndWait)));
        }

        await using (await SnakepitPool.StartAsync(options))
        {
        }

        foreach (var free in numbers)
        {
            var taken = new Stack<SafeFileHandle>();
            try
            {
                while (true)
                {
                    taken.Push(File.OpenHandle("/dev/null"));
                }
            }
            catch (IOException)
            {
                // The limit is reached.
            }

            for (var closed = 0; closed < free; closed++)
            {
                taken.Pop().Dispose();
            }

            var outcome = "started";
            try
            {
                await using var pool = await SnakepitPool.StartAsync(options);
                await pool.ExecuteAsync("return_at_once", new { marker = "" });
            }
            catch (Exception exception)
            {
                outcome = $"{exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ")}";
            }

            while (taken.TryPop(out var handle))
            {
                handle.Dispose();
            }

            await Console.Out.WriteLineAsync($"{free}: {outcome}");
        }
    }

    private static void LoadAll(Assembly assembly, HashSet<string> loaded)
    {
        foreach (var reference in assembly.GetReferencedAssemblies().Where(reference => loaded.Add(reference.FullName)))
        {
            LoadAll(Assembly.Load(reference), loaded);
        }
    }
}
