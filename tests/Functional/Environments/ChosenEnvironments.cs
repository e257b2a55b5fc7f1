using Snakepit.Tests.Functional.Conventions;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Environments;

/// <summary>Tests environments that exist already, and what is refused before pip is started.</summary>
public sealed class ChosenEnvironments
{
    [PythonFact]
    public async Task A_pool_runs_in_the_virtual_environment_or_with_the_interpreter_that_is_named()
    {
        var python = await TestPython.PathAsync(WorkerTransport.Grpc);
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, Path.Combine(Repository.Root, ".venv"));
        foreach (var environment in (PythonEnvironment[])
            [
                PythonEnvironment.FromInterpreter(python),
                PythonEnvironment.FromVirtualEnvironment(relative),
            ])
        {
            using var marker = new Marker();
            await using var pool = await SnakepitPool.StartAsync(Probe.Options with { Environment = environment }).InTime();
            await pool.ExecuteAsync("write_interpreter", new { marker = marker.Path }).InTime();
            Assert.Equal(python, await marker.WrittenAsync());
        }
    }

    [PythonTheory]
    [InlineData("/nowhere/python3", "'/nowhere/python3', which does not exist")]
    [InlineData("no-such-python", "'no-such-python', which is not on PATH")]
    public async Task An_interpreter_that_cannot_be_run_is_refused(string path, string told)
    {
        var failed = await FailureAsync<PythonNotFoundException>(PythonEnvironment.FromInterpreter(path));
        Assert.Contains(told, failed.Message, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task A_file_that_may_not_be_executed_is_refused_as_an_interpreter()
    {
        using var marker = new Marker();
        marker.Write();
        var failed = await FailureAsync<PythonNotFoundException>(PythonEnvironment.FromInterpreter(marker.Path));
        Assert.Contains($"'{marker.Path}' cannot be started: this user may not execute it", failed.Message, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task An_interpreter_that_is_too_old_is_refused_with_its_version()
    {
        using var marker = new Marker();
        var old = await StandInAsync(marker, "python_that_is_too_old.sh");
        var failed = await FailureAsync<PythonRuntimeException>(PythonEnvironment.FromInterpreter(old));
        Assert.Equal(old, failed.Interpreter);
        Assert.Contains("it is Python 3.9, and 3.11 or newer is needed", failed.Message, StringComparison.Ordinal);

        await File.WriteAllTextAsync(marker.At("requirements.txt"), "");
        var making = await FailureAsync<PythonEnvironmentException>(
            PythonEnvironment.FromRequirements(marker.At("requirements.txt")) with { PythonPath = old });
        Assert.Contains("it is Python 3.9", making.Message, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task An_interpreter_without_ensurepip_is_refused_with_what_to_install()
    {
        using var marker = new Marker();
        await File.WriteAllTextAsync(marker.At("requirements.txt"), "");
        var failed = await FailureAsync<PythonEnvironmentException>(PythonEnvironment.FromRequirements(marker.At("requirements.txt")) with
        {
            PythonPath = await StandInAsync(marker, "python_without_ensurepip.sh"),
        });
        Assert.Contains("ensurepip", failed.Message, StringComparison.Ordinal);
        Assert.Contains("apt-get install python3-venv", failed.Message, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task A_folder_that_is_no_working_virtual_environment_is_refused_with_the_reason()
    {
        using var marker = new Marker();
        var folder = marker.At("environment");
        await AssertRefusedAsync("does not exist");
        Directory.CreateDirectory(Path.Combine(folder, "bin"));
        await AssertRefusedAsync("is no virtual environment: it has no file pyvenv.cfg");
        await File.WriteAllTextAsync(Path.Combine(folder, "pyvenv.cfg"), "home = /nowhere\n");
        await AssertRefusedAsync("is broken: it has no bin/python3");
        File.CreateSymbolicLink(Path.Combine(folder, "bin", "python3"), "/nowhere/python3");
        await AssertRefusedAsync("is broken: its bin/python3 is a link to '/nowhere/python3', which does not exist");

        async Task AssertRefusedAsync(string problem)
        {
            var failed = await FailureAsync<PythonNotFoundException>(PythonEnvironment.FromVirtualEnvironment(folder));
            Assert.Contains($"FromVirtualEnvironment names '{folder}', which {problem}.", failed.Message, StringComparison.Ordinal);
        }
    }

    [PythonTheory]
    [InlineData(null, "The file does not exist.")]
    [InlineData("-r more.txt", "/more.txt', which ", ":1 includes, does not exist.")]
    [InlineData("a==1\n\n--constraint=\"more.txt\"", ":3 includes, does not exist.")]
    [InlineData("a @ https://example.org/a.whl", "Offline is set, and ", ":1 names an address of the network.")]
    [InlineData("a\n--index-url=https://example.org", ":2 names an address of the network.")]
    [InlineData("-e git+ssh://example.org/a", ":1 names an address of the network.")]
    [InlineData("# https://example.org\na \\\n  --hash=sha256:00", "'wheels-that-are-missing', does not exist")]
    public async Task Requirements_that_cannot_be_used_are_refused_before_anything_is_made(string? requirements, params string[] told)
    {
        using var marker = new Marker();
        if (requirements is not null)
        {
            await File.WriteAllTextAsync(marker.At("requirements.txt"), requirements);
        }

        var failed = await FailureAsync<PythonEnvironmentException>(PythonEnvironment.FromRequirements(marker.At("requirements.txt")) with
        {
            Offline = true,
            Wheels = "wheels-that-are-missing",
            CacheDirectory = marker.At("cache"),
        });
        Assert.All(told, part => Assert.Contains(
            part.Replace("'wheels", $"'{Path.GetFullPath("wheels")}", StringComparison.Ordinal), failed.Message, StringComparison.Ordinal));
        Assert.False(Directory.Exists(marker.At("cache")));
    }

    [PythonFact]
    public async Task A_cache_that_cannot_be_written_to_is_told_with_the_option_that_names_another()
    {
        using var marker = new Marker();
        await File.WriteAllTextAsync(marker.At("requirements.txt"), "");
        var failed = await FailureAsync<PythonEnvironmentException>(PythonEnvironment.FromRequirements(marker.At("requirements.txt")) with
        {
            CacheDirectory = "/proc/nowhere",
        });
        Assert.Contains("/proc/nowhere", failed.Message, StringComparison.Ordinal);
        Assert.Contains("name another by RequirementsEnvironment.CacheDirectory", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_environment_together_with_an_interpreter_and_options_out_of_range_are_refused()
    {
        var options = new SnakepitOptions
        {
            Adapter = "a",
            PythonPath = "python3",
            Environment = PythonEnvironment.FromRequirements("requirements.txt") with { Timeout = TimeSpan.Zero, Wheels = "" },
        };
        Assert.Equal(
            ["PythonPath", "Environment.Wheels", "Environment.Timeout"], options.FindFaults().Select(fault => fault.Option));
        Assert.Throws<ArgumentException>(() => PythonEnvironment.FromRequirements(" "));
        Assert.Throws<ArgumentNullException>(() => PythonEnvironment.FromVirtualEnvironment(null!));
    }

    private static async Task<T> FailureAsync<T>(PythonEnvironment environment)
        where T : PoolStartException =>
        await Assert.ThrowsAsync<T>(() => SnakepitPool.StartAsync(Probe.Options with { Environment = environment }).InTime());

    /// <summary>Returns the path of a link to a script that stands in for an interpreter and runs the real one beside it.</summary>
    private static async Task<string> StandInAsync(Marker marker, string script)
    {
        File.CreateSymbolicLink(marker.At("real"), await TestPython.PathAsync(WorkerTransport.Grpc));
        File.CreateSymbolicLink(marker.At("python3"), Path.Combine(AppContext.BaseDirectory, "probes", script));
        return marker.At("python3");
    }
}
