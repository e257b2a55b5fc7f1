using System.Diagnostics;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Subprocesses;
using Snakepit.Processes;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>Ctrl+C in the middle of <c>bench run</c>.</summary>
public sealed class GivingUp
{
    [Fact]
    public async Task A_run_that_is_given_up_says_so_and_leaves_nothing_behind()
    {
        var program = Path.Combine(CandidateBuild.Directory, "Snakepit.Benchmarks.dll");
        using var bench = new Process
        {
            StartInfo = new ProcessStartInfo(DotnetEnvironment.Muxer, ["exec", program, "run", "recovery", "--rounds", "60"])
            {
                RedirectStandardError = true,
            },
        };
        DotnetEnvironment.Clean(bench.StartInfo.Environment);
        bench.StartInfo.Environment.Remove("GITHUB_BASE_REF"); // by which baseline it judges does not matter here
        bench.Start();
        try
        {
            // The run builds its pin, measures already, or waits for another suite. It must clean up in any case.
            var first = await bench.StandardError.ReadLineAsync().InTime();
            Assert.NotNull(first);
            var family = OsProcess.All().Where(pid => OsProcess.Descends(pid, bench.Id)).ToList();
            // SIGTERM is handled like Ctrl+C, and a process in the background may have been told to ignore SIGINT.
            Signals.Send(bench.Id, Signals.Terminate);
            await bench.WaitForExitAsync().InTime();

            var said = await bench.StandardError.ReadToEndAsync().InTime();
            Assert.True(bench.ExitCode == 3, $"exit code {bench.ExitCode}: {first} {said}");
            Assert.Contains("Given up", said, StringComparison.Ordinal);
            foreach (var process in family)
            {
                await OsProcess.Gone(process);
            }

            var pins = Path.Combine(Workspace.Current.Root, "artifacts", "pins");
            var builds = Directory.Exists(pins) ? Directory.EnumerateDirectories(pins) : [];
            Assert.DoesNotContain(builds, directory => !File.Exists(Path.Combine(directory, ".built")));
        }
        finally
        {
            bench.Kill(entireProcessTree: true);
        }
    }
}
