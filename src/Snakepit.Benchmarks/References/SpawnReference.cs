using System.Diagnostics;

namespace Snakepit.Benchmarks.References;

/// <summary>What starting processes costs on this machine at the moment: <c>cat</c>, ready when it has echoed a line.</summary>
internal static class SpawnReference
{
    /// <summary>Starts that many at once and returns the milliseconds until all have answered.</summary>
    public static async Task<double> MeasureAsync(int processes)
    {
        var start = Stopwatch.GetTimestamp();
        var running = await Task.WhenAll(Enumerable.Range(0, processes).Select(_ => Task.Run(StartAsync)));
        var elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        foreach (var process in running)
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        return elapsed;
    }

    private static async Task<Process> StartAsync()
    {
        var process = new Process { StartInfo = new ProcessStartInfo("cat") { RedirectStandardInput = true, RedirectStandardOutput = true } };
        process.Start();
        await process.StandardInput.WriteLineAsync("ready");
        await process.StandardInput.FlushAsync();
        await process.StandardOutput.ReadLineAsync();
        return process;
    }
}
