using Snakepit.Benchmarks.Commands;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Subprocesses;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>
/// Tests that nothing is measured or accepted unless the program, the measured build and the working tree belong together.
/// </summary>
public sealed class RunningPrograms : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("snakepit-program-").FullName;

    private string Program => Path.Combine(_root, "out");

    private string Measured => Path.Combine(_root, "bin");

    public RunningPrograms()
    {
        foreach (var folder in new[] { Program, Measured })
        {
            Directory.CreateDirectory(Path.Combine(folder, "python", "snakepit_worker"));
            string[] files =
            [
                "Snakepit.dll", "Snakepit.Measurement.dll", "Snakepit.Benchmarks.dll", "Snakepit.Benchmarks.runtimeconfig.json",
                "python/snakepit_worker/worker.py",
            ];
            foreach (var file in files)
            {
                File.WriteAllText(Path.Combine(folder, file), file);
            }
        }
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_copy_of_the_measured_build_is_accepted_whatever_python_has_compiled_for_itself()
    {
        File.WriteAllText(Path.Combine(Program, "python", "snakepit_worker", "worker.pyc"), "one");
        File.WriteAllText(Path.Combine(Measured, "python", "snakepit_worker", "worker.pyc"), "another");
        RunningProgram.RequireBuild(Program, Measured);
        RunningProgram.RequireBuild(Measured, Measured);
    }

    [Fact]
    public void A_program_without_files_of_its_own_for_hosts_is_accepted_as_the_tests_are()
    {
        Directory.Delete(Path.Combine(Program, "python"), recursive: true);
        File.Delete(Path.Combine(Program, "Snakepit.Benchmarks.runtimeconfig.json"));
        RunningProgram.RequireBuild(Program, Measured);
        RunningProgram.RequireUpToDate();
    }

    [Theory]
    [InlineData("Snakepit.dll")]
    [InlineData("Snakepit.Measurement.dll")]
    [InlineData("Snakepit.Benchmarks.dll")]
    [InlineData("Snakepit.Benchmarks.runtimeconfig.json")]
    [InlineData("python/snakepit_worker/worker.py")]
    public void A_program_of_another_build_than_the_measured_one_is_refused_with_the_file_that_differs(string file)
    {
        File.AppendAllText(Path.Combine(Program, file), "built with SLOW");
        var refused = Assert.Throws<NotComparableException>(() => RunningProgram.RequireBuild(Program, Measured));
        Assert.Contains($"not from the build that is measured: {file} in {Program}", refused.Message, StringComparison.Ordinal);
        Assert.Contains("without -o", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_measured_build_that_is_missing_or_lacks_a_file_is_named()
    {
        File.Delete(Path.Combine(Measured, "Snakepit.dll"));
        var refused = Assert.Throws<NotComparableException>(() => RunningProgram.RequireBuild(Program, Measured));
        Assert.Contains($"there is no {Path.Combine(Measured, "Snakepit.dll")}", refused.Message, StringComparison.Ordinal);
        Directory.Delete(Measured, recursive: true);
        refused = Assert.Throws<NotComparableException>(() => RunningProgram.RequireBuild(Program, Measured));
        Assert.Contains("make that build: dotnet build, without -o", refused.Message, StringComparison.Ordinal);
    }

    [PythonTheory]
    [InlineData("run", "recovery")]
    [InlineData("study", "transports")]
    [InlineData("accept", "--reason", "because")]
    public async Task Every_command_that_uses_the_measured_build_refuses_before_it_waits_or_measures(params string[] arguments)
    {
        // Within the clone, as if made with: dotnet build -o artifacts/FOLDER -p:DefineConstants=SLOW
        var folder = Path.Combine(CandidateBuild.RepositoryRoot, "artifacts", $"other-{Guid.NewGuid():N}");
        try
        {
            foreach (var file in Directory.EnumerateFiles(CandidateBuild.Directory))
            {
                Directory.CreateDirectory(folder);
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            }

            await File.AppendAllTextAsync(Path.Combine(folder, "Snakepit.dll"), "other code");
            var program = Path.Combine(folder, "Snakepit.Benchmarks.dll");
            var result = await Subprocess.RunAsync(
                DotnetEnvironment.Muxer, ["exec", program, .. arguments], CancellationToken.None, DotnetEnvironment.KeepForHost).InTime();
            Assert.Equal(ExitCode.Broken, result.ExitCode);
            Assert.StartsWith("Not comparable: this program is not from the build", result.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain("waiting", result.Errors, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
