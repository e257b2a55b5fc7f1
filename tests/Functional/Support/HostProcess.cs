using System.Diagnostics;

namespace Snakepit.Tests.Functional.Support;

/// <summary>A <see cref="ProbeHost"/> that runs as a process of its own. Disposing kills the process if it is still running.</summary>
internal sealed class HostProcess : IDisposable
{
    private readonly Process _process;

    private HostProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>
    /// Starts the program <see cref="ProbeHost"/>, which starts a pool whose two workers run <paramref name="tool"/>. The callback
    /// <paramref name="environment"/> may change the environment variables of the program. If <paramref name="directory"/> is given, the
    /// method starts the copy of the program in this directory. If <paramref name="shell"/> is given, a shell first runs these commands; in
    /// them, <c>"$@"</c> is the command line of the program.
    /// </summary>
    public static HostProcess Start(
        WorkerStart start,
        string tool,
        string marker,
        Action<IDictionary<string, string?>>? environment = null,
        string? directory = null,
        string shell = "exec \"$@\"")
    {
        var assembly = Path.Combine(directory ?? AppContext.BaseDirectory, Path.GetFileName(typeof(ProbeHost).Assembly.Location));
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? Environment.ProcessPath ?? "dotnet";
        var info = new ProcessStartInfo("/bin/sh", ["-c", shell, "sh", dotnet, assembly, start.ToString(), tool, marker])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory ?? AppContext.BaseDirectory,
        };
        environment?.Invoke(info.Environment);
        var process = new Process { StartInfo = info };
        process.Start();
        return new HostProcess(process);
    }

    /// <summary>Kills the process with SIGKILL, so that it cannot clean up, and waits until it has ended.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().InTime();
    }

    /// <summary>Waits until the process has ended by itself; returns what it wrote to standard output.</summary>
    public Task<string> ReadOutputAsync() => _process.StandardOutput.ReadToEndAsync().InTime();

    /// <summary>Waits until the process has ended by itself; returns its exit code and what it wrote to standard error.</summary>
    public async Task<(int ExitCode, string Errors)> WaitForExitAsync(TimeSpan? within = null)
    {
        var errors = await _process.StandardError.ReadToEndAsync().WaitAsync(within ?? Eventually.Patience);
        await _process.WaitForExitAsync().InTime();
        return (_process.ExitCode, errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
