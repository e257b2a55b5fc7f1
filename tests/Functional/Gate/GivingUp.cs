using System.Diagnostics;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Subprocesses;
using Snakepit.Processes;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>Tests that Ctrl+C ends <c>bench run</c> cleanly in the middle of its work.</summary>
public sealed class GivingUp
{
    [Fact]
    public async Task An_interrupted_run_says_so_and_leaves_no_process_and_no_unfinished_build()
    {
        var program = Path.Combine(CandidateBuild.Directory, "Snakepit.Benchmarks.dll");
        using var bench = new Process
        {
            StartInfo = new ProcessStartInfo(DotnetEnvironment.Muxer, ["exec", program, "run", "recovery", "--rounds", "60"])
            {
                RedirectStandardError = true,
            },
        };
        DotnetEnvironment.KeepForHost(bench.StartInfo.Environment);
        // GitHub sets this variable for pull requests. If bench saw it, it would compare with a commit that this clone may lack.
        bench.StartInfo.Environment.Remove("GITHUB_BASE_REF");
        bench.StartInfo.Environment.Remove("SNAKEPIT_BASE_REF");
        bench.Start();
        try
        {
            // The first line says what bench begins with: building its pin, measuring, or waiting for another suite. The signal below must
            // be able to interrupt bench in all three cases.
            var first = await bench.StandardError.ReadLineAsync().InTime();
            Assert.NotNull(first);
            var family = OsProcess.All().Where(pid => OsProcess.Descends(pid, bench.Id)).ToList();
            // Ctrl+C sends SIGINT, which processes may ignore if the tests run in the background. SIGTERM has the same effect on bench.
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
            Assert.All(builds, directory => Assert.True(File.Exists(Path.Combine(directory, ".built")), directory));
        }
        finally
        {
            bench.Kill(entireProcessTree: true);
        }
    }
}
