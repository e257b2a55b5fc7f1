using System.Diagnostics;
using System.Globalization;
using Snakepit.Benchmarks.Scenarios;

namespace Snakepit.Benchmarks.Probes;

/// <summary>The start of a pool in a .NET process that has done nothing else yet, just-in-time compilation included.</summary>
internal static class FreshStart
{
    public const string Verb = "probe-start";

    /// <summary>In the fresh process: starts a pool and prints the milliseconds it took.</summary>
    public static async Task<int> RunAsync(int workers)
    {
        var start = Stopwatch.GetTimestamp();
        await using var pool = await SnakepitPool.StartAsync(new SnakepitOptions { Adapter = Scenario.ShowcaseAdapter, Workers = workers });
        var elapsed = Stopwatch.GetElapsedTime(start);
        await Console.Out.WriteLineAsync(elapsed.TotalMilliseconds.ToString("F3", CultureInfo.InvariantCulture));
        return 0;
    }

    /// <summary>Starts such a process and returns what it measured, in milliseconds.</summary>
    public static async Task<double> MeasureAsync(int workers)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Snakepit.Benchmarks.dll");
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(host, [program, Verb, workers.ToString(CultureInfo.InvariantCulture)])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        process.Start();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? double.Parse(await output, CultureInfo.InvariantCulture)
            : throw new ScenarioFailedException($"The fresh process exited with {process.ExitCode}: {await errors}", null);
    }
}
