using System.Diagnostics;
using Snakepit.Processes;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>
/// Tests that nobody waits for processes that have ended and whose exit codes nobody asks for. Process 1 becomes the parent of what a
/// killed template leaves behind, and in some containers it never asks.
/// </summary>
public sealed class UnreapedProcesses
{
    // Gives the limit that marks what comes from a template to a child and, if told so, to a second one that goes on.
    private const string Program =
        """
        import os, resource, sys, time
        mark = int(sys.argv[1])
        for goes_on in sys.argv[2:]:
            if os.fork() == 0:
                resource.setrlimit(resource.RLIMIT_RTTIME, (mark, resource.RLIM_INFINITY))
                time.sleep(60 if goes_on == "yes" else 0)
                os._exit(0)
        print("forked", flush=True)
        sys.stdin.read()
        """;

    [PythonTheory]
    [InlineData("no")]
    [InlineData("yes")]
    public async Task A_process_that_was_killed_and_not_reaped_counts_as_ended(string goesOn)
    {
        var mark = new TemplateMark();
        var start = new ProcessStartInfo(await TestPython.PathAsync(WorkerTransport.Direct), ["-c", Program, mark.Text, goesOn])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var parent = Process.Start(start)!;
        Assert.Equal("forked", await parent.StandardOutput.ReadLineAsync().InTime());
        await Eventually.True(() => ProcessFacts.All().Any(process => ProcessFacts.RealTimeLimitOf(process) == mark.Text), "it is marked");
        var began = Stopwatch.GetTimestamp();
        Assert.Null(await mark.KillAllAsync().InTime());
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(1.5)); // it gives up after two seconds
        var left = ProcessFacts.All().Where(process => ProcessFacts.RealTimeLimitOf(process) == mark.Text);
        Assert.All(left, process => Assert.True(ProcessFacts.IsZombie(process)));
        parent.StandardInput.Close();
        await parent.WaitForExitAsync().InTime();
    }
}
