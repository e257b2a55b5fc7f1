using System.Diagnostics;

namespace Snakepit.Tests.Functional.Support;

/// <summary>A running <see cref="ProbeHost"/>; killed when the test ends, if it has not been before.</summary>
internal sealed class HostProcess : IDisposable
{
    private readonly Process _process;

    private HostProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public static HostProcess Start(
        WorkerStart start, string tool, string marker, Action<IDictionary<string, string?>>? environment = null, string? directory = null)
    {
        var assembly = Path.Combine(directory ?? AppContext.BaseDirectory, Path.GetFileName(typeof(ProbeHost).Assembly.Location));
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var info = new ProcessStartInfo(dotnet, [assembly, start.ToString(), tool, marker])
        {
            RedirectStandardError = true,
            WorkingDirectory = directory ?? AppContext.BaseDirectory,
        };
        environment?.Invoke(info.Environment);
        var process = new Process { StartInfo = info };
        process.Start();
        return new HostProcess(process);
    }

    /// <summary>Ends it as the kernel does: nothing in it can run any more.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().InTime();
    }

    /// <summary>Waits for it to end by itself.</summary>
    public async Task<(int ExitCode, string Errors)> EndAsync()
    {
        var errors = await _process.StandardError.ReadToEndAsync().InTime();
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
