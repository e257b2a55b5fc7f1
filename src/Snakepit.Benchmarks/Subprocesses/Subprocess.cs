using System.ComponentModel;
using System.Diagnostics;

namespace Snakepit.Benchmarks.Subprocesses;

/// <summary>What a program printed, and its exit code.</summary>
/// <param name="ExitCode">The exit code; 127 if there is no such program, as in a shell.</param>
/// <param name="Output">The text that the program wrote to standard output.</param>
/// <param name="Errors">The text that the program wrote to standard error, trimmed.</param>
internal sealed record SubprocessResult(int ExitCode, string Output, string Errors);

/// <summary>Runs other programs, such as git and the build, and waits for their exit.</summary>
internal static class Subprocess
{
    /// <summary>
    /// Closes the standard input of a program, and waits for the program to exit, but not longer than <paramref name="grace"/>.
    /// </summary>
    public static async Task EndInputAsync(Process process, TimeSpan grace)
    {
        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program has exited already.
        }

        await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(grace));
    }

    /// <summary>
    /// Runs a program and waits for its exit. On cancellation, the program is killed together with all processes that it has started.
    /// </summary>
    /// <returns>What the program printed, and its exit code, which is 127 if there is no such program.</returns>
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
