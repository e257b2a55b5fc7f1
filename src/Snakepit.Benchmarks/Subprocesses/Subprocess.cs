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
    /// <summary>The exit code that <see cref="RunAsync"/> returns for a program that cannot be started.</summary>
    public const int NoSuchProgram = 127;

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
    /// Runs a program and waits for its exit. On cancellation, the program is killed together with all processes that it has started. The
    /// program gets this process's environment variables without those of git (<see cref="GitEnvironment"/>).
    /// </summary>
    /// <param name="program">The path of the program, or its name on PATH.</param>
    /// <param name="arguments">The arguments of the program.</param>
    /// <param name="cancellationToken">Kills the program.</param>
    /// <param name="environment">Changes the environment variables of the program. Default: null, no further change.</param>
    /// <param name="directory">The program's working directory. Default: empty, the one of this process.</param>
    /// <param name="endsWithThisProcess">True to have the program killed if this process is killed. Default: false.</param>
    /// <returns>What the program printed, and its exit code, which is 127 if there is no such program.</returns>
    public static async Task<SubprocessResult> RunAsync(
        string program,
        IReadOnlyList<string> arguments,
        CancellationToken cancellationToken,
        Action<IDictionary<string, string?>>? environment = null,
        string directory = "",
        bool endsWithThisProcess = false)
    {
        (program, arguments) = endsWithThisProcess ? Lifeline.Around(program, arguments) : (program, arguments);
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        GitEnvironment.Remove(start.Environment);
        environment?.Invoke(start.Environment);
        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            return new SubprocessResult(NoSuchProgram, "", exception.Message);
        }

        if (!endsWithThisProcess)
        {
            process.StandardInput.Close();
        }

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
