using System.ComponentModel;
using System.Diagnostics;

namespace Snakepit.Benchmarks.Subprocesses;

/// <summary>What a program printed, and how it ended.</summary>
/// <param name="ExitCode">127 if there is no such program, as a shell says it.</param>
/// <param name="Output">As it was printed.</param>
/// <param name="Errors">Without white space around it.</param>
internal sealed record SubprocessResult(int ExitCode, string Output, string Errors);

/// <summary>Programs that are run to their end: git, the build.</summary>
internal static class Subprocess
{
    /// <summary>Ends a program's input, and waits so long for the program to follow.</summary>
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

    /// <summary>Runs a program; if it is given up, it is killed with what it has started.</summary>
    /// <returns>Exit code 127 if there is no such program, as a shell says it.</returns>
    public static async Task<SubprocessResult> RunAsync(
        string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken, Action<IDictionary<string, string?>>? environment = null)
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
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(CancellationToken.None), process.StandardError.ReadToEndAsync(CancellationToken.None));
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
