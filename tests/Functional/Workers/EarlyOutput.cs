using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>Tests that what Python prints before it runs any code of the pool becomes log lines, and not output of the host.</summary>
public sealed class EarlyOutput
{
    private const string Prints = """
        import ctypes, os, sys
        print("printed by", __name__, flush=True)
        ctypes.CDLL(None).puts(b"printed by C")
        os.system("echo printed by a child")
        sys.stdout.write("printed without an end of line")
        """;

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task What_sitecustomize_prints_is_no_output_of_the_host(WorkerStart start)
    {
        using var marker = new Marker();
        WriteStartupFiles(marker);
        using var host = HostProcess.Start(
            start, "spawn_child", marker.Path, environment => environment["PYTHONPATH"] = marker.At("startup"));
        var output = await host.ReadOutputAsync();
        var (exitCode, errors) = await host.WaitForExitAsync();
        Assert.Equal("", output);
        Assert.Equal("", errors);
        Assert.Equal(0, exitCode);
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task What_sitecustomize_prints_becomes_log_lines(WorkerStart start)
    {
        using var marker = new Marker();
        using var log = new RecordedLog();
        WriteStartupFiles(marker);
        var options = Probe.Options with
        {
            Workers = 1,
            WorkerStart = start,
            LoggerFactory = log,
            ModulePaths = [marker.At("startup"), .. Probe.Options.ModulePaths],
        };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        foreach (var by in (string[])["by sitecustomize", "by C", "by a child", "without an end of line"])
        {
            await log.WaitForLineAsync($"printed {by}");
        }
    }

    private static void WriteStartupFiles(Marker marker)
    {
        var directory = Directory.CreateDirectory(marker.At("startup")).FullName;
        foreach (var name in (string[])["sitecustomize", "usercustomize"])
        {
            File.WriteAllText(Path.Combine(directory, $"{name}.py"), Prints);
        }
    }
}
