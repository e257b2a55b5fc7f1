using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>Tests that file descriptors and files do not accumulate while workers and pools start and end.</summary>
[Collection(Alone.Name)] // the tests count the descriptors of the whole process, which other tests would change
public sealed class Leaks
{
    // The number of extra descriptors that is allowed, because the thread pool and timers of the .NET runtime may open a few at any time.
    private const int Tolerance = 12;

    [PythonFact]
    public async Task Workers_that_die_and_pools_that_end_leak_no_descriptor_and_no_file()
    {
        const int Workers = 8;
        await using var template = await SnakepitTemplate.StartAsync(Probe.Options with { Workers = Workers }).InTime();
        await LetDieAsync(template, deaths: 1);
        var before = (Host: Descriptors(Environment.ProcessId), Template: Descriptors(template.ProcessId));

        for (var pools = 0; pools < 4; pools++)
        {
            await LetDieAsync(template, deaths: 3);
        }

        await Eventually.True(
            () => Descriptors(Environment.ProcessId) <= before.Host + Tolerance,
            () => $"at most {Tolerance} more descriptors are open than the {before.Host} before: {Descriptors(Environment.ProcessId)}");
        Assert.Equal(before.Template, Descriptors(template.ProcessId));

        static async Task LetDieAsync(SnakepitTemplate template, int deaths)
        {
            await using var pool = await template.StartPoolAsync().InTime();
            for (var death = 1; death <= deaths; death++)
            {
                var calls = Enumerable.Range(0, Workers).Select(_ => pool.ExecuteAsync("hang")).ToList();
                Array.ForEach(pool.ProcessIds(), OsProcess.Kill); // several deaths at the same moment do not delay the restarts
                foreach (var call in calls)
                {
                    await Assert.ThrowsAsync<WorkerLostException>(() => call.InTime());
                }

                await pool.WaitForIdleWorkers(Workers);
                Assert.Equal(Workers * death, pool.GetStatistics().Restarts);
            }

            // One socket per worker, the control socket, and the file whose lock tells that the directory is in use.
            Assert.Equal(Workers + 2, Directory.GetFiles(pool.SocketDirectory()).Length);
        }
    }

    [PythonFact]
    public async Task Starts_that_are_cancelled_leak_no_descriptor()
    {
        using var flag = new Marker();
        flag.Write();
        var options = Probe.Options with
        {
            Adapter = "hangs_without_flag",
            Workers = 1,
            EnvironmentVariables = new Dictionary<string, string> { ["FLAG"] = flag.Path },
        };
        using var log = new RecordedLog();
        await using var template = await SnakepitTemplate.StartAsync(options with { LoggerFactory = log }).InTime();
        await using (await template.StartPoolAsync().InTime())
        {
        }

        File.Delete(flag.Path);
        var before = Descriptors(Environment.ProcessId);
        using var giveUp = new CancellationTokenSource();
        var starts = Enumerable.Range(0, 40).Select(_ => template.StartPoolAsync(cancellationToken: giveUp.Token)).ToList();
        await Eventually.True(
            () => log.Records.Count(line => line.Message.Contains("hangs in start", StringComparison.Ordinal)) == 40,
            "all 40 workers hang while they start");
        await giveUp.CancelAsync();
        foreach (var start in starts)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start.InTime());
        }

        await Eventually.True(
            () => Descriptors(Environment.ProcessId) <= before + Tolerance,
            () => $"at most {Tolerance} more descriptors are open than the {before} before: {Descriptors(Environment.ProcessId)}",
            TimeSpan.FromSeconds(2));
    }

    private static int Descriptors(int pid) => Directory.GetFileSystemEntries($"/proc/{pid}/fd").Length;
}
