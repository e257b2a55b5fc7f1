using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>Tests files of the user that have the name of a module of Python, or of a package that workers need, and the reverse.</summary>
public sealed class ShadowedModules
{
    [PythonTheory]
    [InlineData("socket.py", WorkerStart.Fork)]
    [InlineData("struct.py", WorkerStart.Spawn)]
    [InlineData("json.py", WorkerStart.Fork)]
    [InlineData("logging/__init__.py", WorkerStart.Spawn)]
    [InlineData("selectors.py", WorkerStart.Fork)]
    [InlineData("contextlib.py", WorkerStart.Fork)]
    [InlineData("heapq.py", WorkerStart.Fork)]
    [InlineData("google.py", WorkerStart.Fork)]
    [InlineData("google.py", WorkerStart.Spawn)]
    [InlineData("google.pyc", WorkerStart.Spawn)]
    [InlineData("google/__init__.py", WorkerStart.Fork)]
    [InlineData("google/protobuf.py", WorkerStart.Spawn)]
    [InlineData("google/protobuf/__init__.py", WorkerStart.Fork)]
    [InlineData("grpc.py", WorkerStart.Fork)]
    [InlineData("grpc/__init__.py", WorkerStart.Spawn)]
    public async Task A_file_that_hides_a_module_which_workers_need_is_named_with_what_to_do(string file, WorkerStart start)
    {
        using var marker = new Marker();
        Directory.CreateDirectory(Path.GetDirectoryName(marker.At(file))!);
        await File.WriteAllTextAsync(marker.At(file), "mine = True\n");
        var paths = (string[])[Path.GetDirectoryName(marker.Path)!, .. Probe.Options.ModulePaths];
        var options = Probe.Options with { ModulePaths = paths, WorkerStart = start };
        var message = await MessageThatNamesAsync(marker.At(file), options);
        Assert.DoesNotContain("pip install", message, StringComparison.Ordinal);
    }

    [PythonTheory]
    [InlineData("google.py", WorkerStart.Fork, WorkerTransport.Grpc)]
    [InlineData("google.py", WorkerStart.Spawn, WorkerTransport.Direct)]
    [InlineData("google/__init__.py", WorkerStart.Fork, WorkerTransport.Direct)]
    [InlineData("google/protobuf/__init__.py", WorkerStart.Fork, WorkerTransport.Grpc)]
    [InlineData("grpc.py", WorkerStart.Spawn, WorkerTransport.Grpc)]
    [InlineData("grpc_tools.py", WorkerStart.Fork, WorkerTransport.Grpc)]
    public async Task Files_beside_the_program_or_in_its_working_directory_hide_nothing_that_workers_need(
        string file, WorkerStart start, WorkerTransport transport)
    {
        foreach (var inWorkingDirectory in (bool[])[false, true])
        {
            using var marker = new Marker();
            var program = CopyProgram(marker.At("program"));
            var working = Directory.CreateDirectory(marker.At("working")).FullName;
            var hiding = Path.Combine(inWorkingDirectory ? working : program, file);
            Directory.CreateDirectory(Path.GetDirectoryName(hiding)!);
            await File.WriteAllTextAsync(hiding, "raise SystemExit('this file is not for Snakepit')\n");
            const string Code = "from snakepit_worker import tool\n@tool\ndef answer(marker: str) -> str:\n    return marker\n";
            await File.WriteAllTextAsync(Path.Combine(program, "tools_of_the_program.py"), Code);
            var python = await TestPython.PathAsync(WorkerTransport.Grpc);
            using var host = HostProcess.Start(start, "answer", "", environment =>
            {
                environment["SNAKEPIT_PYTHON"] = python;
                environment["PROBE_TRANSPORT"] = transport.ToString();
                environment["PROBE_ADAPTER"] = "tools_of_the_program";
            }, program, shell: $"cd '{working}' && exec \"$@\"");
            var (exitCode, errors) = await host.WaitForExitAsync();
            Assert.True(exitCode == 0, errors);
        }
    }

    [PythonTheory]
    [InlineData("typing", WorkerStart.Fork)]
    [InlineData("typing", WorkerStart.Spawn)]
    [InlineData("weakref", WorkerStart.Fork)]
    [InlineData("traceback", WorkerStart.Fork)]
    [InlineData("enum", WorkerStart.Fork)]
    [InlineData("threading", WorkerStart.Spawn)]
    [InlineData("inspect", WorkerStart.Fork)]
    [InlineData("random", WorkerStart.Fork)]
    [InlineData("contextvars", WorkerStart.Fork)]
    public async Task An_adapter_that_hides_a_module_which_python_or_the_worker_needs_is_named_with_what_to_do(
        string adapter, WorkerStart start)
    {
        using var marker = new Marker();
        const string Code = "from snakepit_worker import tool\n@tool\ndef double(given: int) -> int:\n    return 2 * given\n";
        await File.WriteAllTextAsync(marker.At($"{adapter}.py"), Code);
        var options = Probe.Options with { Adapter = adapter, ModulePaths = [Path.GetDirectoryName(marker.Path)!], WorkerStart = start };
        await MessageThatNamesAsync(marker.At($"{adapter}.py"), options);
    }

    [PythonTheory]
    [InlineData("", WorkerStart.Fork)]
    [InlineData("", WorkerStart.Spawn)]
    [InlineData("raise ValueError('not for Snakepit')\n", WorkerStart.Fork)]
    public async Task A_file_that_makes_the_process_die_without_a_word_is_named(string code, WorkerStart start)
    {
        using var marker = new Marker();
        await File.WriteAllTextAsync(marker.At("datetime.py"), code); // protobuf's C code needs what is in it
        var paths = (string[])[Path.GetDirectoryName(marker.Path)!, .. Probe.Options.ModulePaths];
        var options = Probe.Options with { ModulePaths = paths, WorkerStart = start };
        await MessageThatNamesAsync(marker.At("datetime.py"), options);
    }

    [PythonTheory]
    [InlineData("statistics", WorkerStart.Fork)]
    [InlineData("statistics", WorkerStart.Spawn)]
    [InlineData("statistics:Mine", WorkerStart.Fork)]
    [InlineData("email.my_tools", WorkerStart.Fork)]
    [InlineData("json.my_tools", WorkerStart.Spawn)]
    public async Task An_adapter_that_has_the_name_of_a_module_of_python_is_reported_with_the_file_that_was_found(
        string adapter, WorkerStart start)
    {
        var options = Probe.Options with { Adapter = adapter, WorkerStart = start };
        var failed = await Assert.ThrowsAsync<AdapterException>(() => SnakepitPool.StartAsync(options).InTime());
        var name = adapter.Split('.', ':')[0];
        Assert.Matches($@"it was imported from /.*/{name}(\.py|/__init__\.py), which is Python's own module of this name", failed.Message);
        Assert.Contains("give your module another name", failed.Message, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task An_adapter_that_has_the_name_of_a_built_in_module_is_reported()
    {
        var failed = await Assert.ThrowsAsync<AdapterException>(
            () => SnakepitPool.StartAsync(Probe.Options with { Adapter = "time" }).InTime());
        Assert.Contains("it is Python's own module of this name, which is built in", failed.Message, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task An_adapter_that_has_the_name_of_an_installed_package_is_reported_with_the_file_that_was_found()
    {
        var failed = await Assert.ThrowsAsync<AdapterException>(
            () => SnakepitPool.StartAsync(Probe.Options with { Adapter = "google.protobuf" }).InTime());
        Assert.Contains("google/protobuf/__init__.py; if that is not yours, rename yours", failed.Message, StringComparison.Ordinal);
    }

    [PythonTheory]
    [InlineData("random.py", false)]
    [InlineData("google.py", false)]
    [InlineData("encodings.py", false)]
    [InlineData("google.py", true)]
    [InlineData("socket.py", true)]
    public async Task Files_of_the_user_do_not_keep_an_interpreter_from_being_found(string file, bool inPythonPath)
    {
        // The test starts a copy of the test program where no directory above it has a .venv, so that the interpreter on PATH is asked.
        using var marker = new Marker();
        var program = CopyProgram(marker.At("program"));
        var users = Directory.CreateDirectory(inPythonPath ? marker.At("users") : program).FullName;
        await File.WriteAllTextAsync(Path.Combine(users, file), "raise SystemExit('this file is not for Snakepit')\n");
        var path = Directory.CreateDirectory(marker.At("path")).FullName;
        File.CreateSymbolicLink(
            Path.Combine(path, "python3"), Path.Combine(AppContext.BaseDirectory, "probes", "python_of_the_test.sh"));
        var python = await TestPython.PathAsync(WorkerTransport.Grpc);
        using var host = HostProcess.Start(WorkerStart.Fork, "return_at_once", "", environment =>
        {
            environment["PATH"] = path;
            environment["PROBE_PYTHON"] = python;
            environment["PYTHONPATH"] = inPythonPath ? users : "";
            environment["PYTHONINSPECT"] = "1"; // Python waits for input at the end of a program
            environment.Remove("SNAKEPIT_PYTHON");
            environment.Remove("VIRTUAL_ENV");
        }, program);
        var (exitCode, errors) = await host.WaitForExitAsync();
        if (inPythonPath)
        {
            Assert.Equal(ProbeHost.StartFailed, exitCode);
            Assert.Contains($"'{Path.Combine(users, file)}' is imported instead of the module", errors, StringComparison.Ordinal);
        }
        else
        {
            Assert.True(exitCode == 0, errors);
        }
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_home_of_python_without_its_modules_is_named(WorkerStart start)
    {
        var variables = new Dictionary<string, string> { ["PYTHONHOME"] = "/nowhere" };
        var options = Probe.Options with { EnvironmentVariables = variables, WorkerStart = start };
        var failed = await Assert.ThrowsAsync<WorkerStartException>(() => SnakepitPool.StartAsync(options).InTime());
        Assert.Contains(
            "the environment variable PYTHONHOME = '/nowhere' says: unset or correct", failed.Message, StringComparison.Ordinal);
    }

    private static string CopyProgram(string directory)
    {
        var program = Directory.CreateDirectory(directory).FullName;
        foreach (var entry in Directory.EnumerateFileSystemEntries(AppContext.BaseDirectory))
        {
            File.CreateSymbolicLink(Path.Combine(program, Path.GetFileName(entry)), entry);
        }

        var assembly = Path.Combine(program, Path.GetFileName(typeof(ProbeHost).Assembly.Location));
        File.Delete(assembly); // with a link, .NET would take the directory of the link's target for the directory of the program
        File.Copy(typeof(ProbeHost).Assembly.Location, assembly);
        return program;
    }

    /// <summary>Starts a pool, which must fail with a message that names this file and says what to do. Returns the message.</summary>
    private static async Task<string> MessageThatNamesAsync(string file, SnakepitOptions options)
    {
        var failed = await Assert.ThrowsAnyAsync<PoolStartException>(() => SnakepitPool.StartAsync(options).InTime());
        Assert.Contains($"'{file}' is imported instead of the module", failed.Message, StringComparison.Ordinal);
        Assert.Contains("rename it", failed.Message, StringComparison.Ordinal);
        return failed.Message;
    }
}
