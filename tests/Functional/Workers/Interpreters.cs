using System.Globalization;
using Snakepit.Processes;
using Snakepit.Tests.Functional.Conventions;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>Tests how the pool finds a Python interpreter, and what it reports if none is suitable.</summary>
public sealed class Interpreters
{
    [PythonTheory]
    [InlineData("/nowhere/python3", "does not exist")]
    [InlineData("no-such-python", "is not on PATH")]
    public async Task A_missing_interpreter_is_reported_with_the_option_that_names_it(string path, string problem)
    {
        var failed = await Assert.ThrowsAsync<PythonNotFoundException>(
            () => SnakepitPool.StartAsync(Probe.Options with { PythonPath = path }).InTime());
        Assert.Contains($"SnakepitOptions.PythonPath names '{path}', which {problem}", failed.Message, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task A_link_to_an_interpreter_that_is_gone_is_reported_with_its_target()
    {
        using var marker = new Marker();
        File.CreateSymbolicLink(marker.Path, "/nowhere/python3");
        var failed = await Assert.ThrowsAsync<PythonNotFoundException>(
            () => SnakepitPool.StartAsync(Probe.Options with { PythonPath = marker.Path }).InTime());
        Assert.Contains("which is a link to '/nowhere/python3', which does not exist", failed.Message, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task A_directory_that_is_named_instead_of_its_interpreter_is_reported_with_the_interpreter_in_it()
    {
        using var marker = new Marker();
        var environment = marker.At("environment");
        Directory.CreateDirectory(Path.Combine(environment, "bin"));
        await AssertReportedAsync($"names '{environment}', which is a directory. Name a Python interpreter, such as /usr/bin/python3.");

        var interpreter = Path.Combine(environment, "bin", "python3");
        File.CreateSymbolicLink(interpreter, "/bin/true");
        await AssertReportedAsync($"names '{environment}', which is a directory. Name a Python interpreter, such as {interpreter}.");

        async Task AssertReportedAsync(string problem)
        {
            var failed = await Assert.ThrowsAsync<PythonNotFoundException>(
                () => SnakepitPool.StartAsync(Probe.Options with { PythonPath = environment }).InTime());
            Assert.Contains($"SnakepitOptions.PythonPath {problem}", failed.Message, StringComparison.Ordinal);
        }
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_file_that_is_not_a_program_is_refused_as_an_interpreter(WorkerStart start)
    {
        using var marker = new Marker();
        marker.Write();
        var options = Probe.Options with { PythonPath = marker.Path, WorkerStart = start };
        var failed = await Assert.ThrowsAsync<PythonNotFoundException>(() => SnakepitPool.StartAsync(options).InTime());
        Assert.Contains(marker.Path, failed.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(SnakepitOptions.PythonPath), failed.Message, StringComparison.Ordinal);
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_program_that_is_not_python_is_reported_with_its_exit_code(WorkerStart start)
    {
        var options = Probe.Options with { PythonPath = "/bin/true", WorkerStart = start };
        var failed = await Assert.ThrowsAsync<WorkerStartException>(() => SnakepitPool.StartAsync(options).InTime());
        Assert.Equal(0, failed.ExitCode);
        Assert.Contains("It printed nothing", failed.Message, StringComparison.Ordinal);
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task An_interpreter_without_packages_is_reported_with_what_to_install(WorkerStart start)
    {
        // The script that stands in for the interpreter is a file of the test project. If the test wrote the script, a process that another
        // test starts at that moment could inherit the open file, and the kernel refuses to execute a file that is open for writing.
        var bare = Path.Combine(AppContext.BaseDirectory, "probes", "python_without_packages.sh");
        var python = await TestPython.PathAsync(WorkerTransport.Grpc);
        var variables = new Dictionary<string, string> { ["PROBE_PYTHON"] = python };
        var options = Probe.Options with { PythonPath = bare, WorkerStart = start, EnvironmentVariables = variables };
        await AssertPackageMissingAsync(options, bare, "protobuf");
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task An_interpreter_without_grpc_is_reported_with_what_to_install(WorkerStart start)
    {
        using var marker = new Marker();
        var python = await TestPython.PathAsync(WorkerTransport.Grpc);
        var paths = await PathsWithoutGrpcAsync(marker);
        var options = Probe.Options with { ModulePaths = paths, WorkerStart = start };
        await AssertPackageMissingAsync(options, python, "grpc is not installed here");
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task Direct_workers_need_protobuf_but_not_grpc(WorkerStart start)
    {
        using var marker = new Marker();
        var paths = await PathsWithoutGrpcAsync(marker);
        var options = Probe.Options with { ModulePaths = paths, WorkerStart = start, Transport = WorkerTransport.Direct };
        await using (var pool = await SnakepitPool.StartAsync(options).InTime())
        {
            Assert.False(await pool.ExecuteAsync<bool>("has_imported", new { module = "grpc" }).InTime());
        }

        var bare = Path.Combine(AppContext.BaseDirectory, "probes", "python_without_packages.sh");
        var python = await TestPython.PathAsync(WorkerTransport.Direct);
        var variables = new Dictionary<string, string> { ["PROBE_PYTHON"] = python };
        var failed = await Assert.ThrowsAsync<PythonRuntimeException>(
            () => SnakepitPool.StartAsync(options with { PythonPath = bare, EnvironmentVariables = variables }).InTime());
        Assert.Contains("pip install protobuf", failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("pip install grpcio", failed.Message, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task An_interpreter_can_be_named_by_an_environment_variable()
    {
        using var marker = new Marker();
        using var host = HostProcess.Start(WorkerStart.Fork, "hang", marker.Path, environment =>
            environment["SNAKEPIT_PYTHON"] = "/nowhere/python3");
        var (exitCode, errors) = await host.WaitForExitAsync();
        Assert.Equal(ProbeHost.StartFailed, exitCode);
        Assert.Contains(
            "PythonNotFoundException: SNAKEPIT_PYTHON names '/nowhere/python3', which does not exist", errors, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task A_machine_without_python_is_reported_with_the_places_searched_and_what_to_install()
    {
        // The test starts a copy of the test program in a temporary directory. No directory above the copy has a .venv, and the only
        // python3 on PATH is not suitable.
        using var marker = new Marker();
        var program = Directory.CreateDirectory(marker.At("program")).FullName;
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory))
        {
            File.CreateSymbolicLink(Path.Combine(program, Path.GetFileName(file)), file);
        }

        var assembly = Path.Combine(program, Path.GetFileName(typeof(ProbeHost).Assembly.Location));
        File.Delete(assembly); // with a link, .NET would take the directory of the link's target for the directory of the program
        File.Copy(typeof(ProbeHost).Assembly.Location, assembly);
        var path = Directory.CreateDirectory(marker.At("path")).FullName;
        File.CreateSymbolicLink(Path.Combine(path, "python3"), "/bin/false");
        using var host = HostProcess.Start(WorkerStart.Fork, "hang", marker.Path, environment =>
        {
            environment["PATH"] = path;
            environment.Remove("SNAKEPIT_PYTHON");
            environment.Remove("VIRTUAL_ENV");
        }, program);

        var (exitCode, errors) = await host.WaitForExitAsync();

        Assert.Equal(ProbeHost.StartFailed, exitCode);
        Assert.Contains(
            "PythonNotFoundException: No Python 3.11 or newer with grpcio and protobuf was found", errors, StringComparison.Ordinal);
        Assert.Contains($"These do not fit: {path}/python3", errors, StringComparison.Ordinal);
        Assert.Contains("pip install grpcio protobuf", errors, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task An_interpreter_fits_also_if_sitecustomize_leaves_a_program_that_keeps_its_output_open()
    {
        using var marker = new Marker();
        await File.WriteAllTextAsync(marker.At("sitecustomize.py"), $$"""
            import subprocess
            child = subprocess.Popen(["sleep", "600"])
            with open("{{marker.At("children")}}", "a") as file:
                file.write(f"{child.pid}\n")
            """);
        using var host = HostProcess.Start(WorkerStart.Fork, "write_interpreter", marker.At("called"), environment =>
        {
            environment["PYTHONPATH"] = Path.GetDirectoryName(marker.Path);
            environment["VIRTUAL_ENV"] = Path.Combine(Repository.Root, ".venv");
            environment.Remove("SNAKEPIT_PYTHON");
        });
        var (exitCode, errors) = await host.WaitForExitAsync();
        foreach (var line in await File.ReadAllLinesAsync(marker.At("children")))
        {
            Signals.Send(int.Parse(line, CultureInfo.InvariantCulture), Signals.Kill); // what the probe leaves, its own program leaves too
        }

        Assert.True(exitCode == 0, errors);
        var used = await File.ReadAllTextAsync(marker.At("called.0"));
        Assert.StartsWith(Path.Combine(Repository.Root, ".venv"), used, StringComparison.Ordinal);
    }

    /// <summary>Returns module paths whose first directory contains code that keeps Python from importing grpc.</summary>
    private static async Task<string[]> PathsWithoutGrpcAsync(Marker marker)
    {
        await File.WriteAllTextAsync(marker.At("sitecustomize.py"), """
            import sys

            class WithoutGrpc:
                def find_spec(self, name, path=None, target=None):
                    if name == "grpc":
                        raise ImportError("grpc is not installed here")

            sys.meta_path.insert(0, WithoutGrpc())
            """);
        return [Path.GetDirectoryName(marker.Path)!, .. Probe.Options.ModulePaths];
    }

    private static async Task AssertPackageMissingAsync(SnakepitOptions options, string interpreter, string message)
    {
        var trace = new ProcessTrace();
        var failed = await Assert.ThrowsAsync<PythonRuntimeException>(() => SnakepitPool.StartAsync(trace.Tag(options)).InTime());
        Assert.Equal(interpreter, failed.Interpreter);
        Assert.Contains(message, failed.Message, StringComparison.Ordinal);
        Assert.Contains("pip install grpcio protobuf", failed.Message, StringComparison.Ordinal);
        Assert.Contains("SNAKEPIT_PYTHON", failed.Message, StringComparison.Ordinal);
        trace.AssertNothingIsLeft();
    }
}
