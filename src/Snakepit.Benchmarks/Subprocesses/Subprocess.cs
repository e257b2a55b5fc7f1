using System.ComponentModel;
using System.Diagnostics;

namespace Snakepit.Benchmarks.Subprocesses;

/// <summary>What a program printed, and how it ended.</summary>
/// <param name="ExitCode">127 if there is no such program, as shells return it.</param>
/// <param name="Output">The standard output.</param>
/// <param name="Errors">The standard error output, trimmed.</param>
internal sealed record SubprocessResult(int ExitCode, string Output, string Errors);

/// <summary>Programs that are run to their end: git, the build.</summary>
internal static class Subprocess
{
    /// <summary>Ends the input of a program, and waits up to <paramref name="grace"/> for the program to end as well.</summary>
    public static async Task EndInputAsync(Process process, TimeSpan grace)
    {
        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already.
        }

        await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(grace));
    }

    /// <summary>Runs a program to its end. If the caller gives up, the program is killed with all processes that it has started.</summary>
    /// <returns>Exit code 127 if there is no such program, as shells return it.</returns>
    public static async Task<SubprocessResult> RunAsync(
        string program,
        IReadOnlyList<string> arguments,
        CancellationToken cancellationToken,
        Action<IDictionary<string, string?>>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        environment?.Invoke(start.Environment);
        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            return new SubprocessResult(127, "", exception.Message);
        }

        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }

        return new SubprocessResult(process.ExitCode, await output, (await errors).Trim());
    }
}
