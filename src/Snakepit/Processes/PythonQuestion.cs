using System.ComponentModel;
using System.Diagnostics;
using Snakepit.Threading;

namespace Snakepit.Processes;

/// <summary>Asks an interpreter something by a short program, before any worker starts.</summary>
internal static class PythonQuestion
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan OutputGrace = TimeSpan.FromMilliseconds(400);

    /// <summary>Runs a program in an interpreter.</summary>
    /// <param name="interpreter">The interpreter.</param>
    /// <param name="option">
    /// Either <c>-P</c>, with which Python imports nothing from the working directory, or <c>-I</c>, with which it also ignores all
    /// environment variables.
    /// </param>
    /// <param name="program">The Python code.</param>
    /// <param name="cancellationToken">Ends the program.</param>
    /// <exception cref="SystemLimitException">The operating system has no process, memory or file descriptor left for it.</exception>
    public static async Task<PythonAnswer> AskAsync(string interpreter, string option, string program, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(interpreter, [option, "-c", program])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            return StartFailure.Of(interpreter, exception) is SystemLimitException limit
                ? throw limit
                : new PythonAnswer(exception.Message, Output: "", exception);
        }

        process.StandardInput.Close(); // Python would wait there for input if PYTHONINSPECT is set
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(Patience);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(limited.Token);
            var output = process.StandardOutput.ReadToEndAsync(limited.Token);
            await process.WaitForExitAsync(limited.Token).ConfigureAwait(false);

            // A program that sitecustomize has started may keep the output open for longer than the interpreter lives.
            await Task.WhenAll(output, errors).EndsWithinAsync(OutputGrace).ConfigureAwait(false);
            return process.ExitCode == 0
                ? new PythonAnswer(Problem: null, output.IsCompletedSuccessfully ? output.Result : "")
                : new PythonAnswer(LastLine(errors) ?? $"exit code {process.ExitCode}", Output: "");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new PythonAnswer($"no answer within {Patience.TotalSeconds:0} s", Output: "");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static string? LastLine(Task<string> errors) => errors.IsCompletedSuccessfully
        ? errors.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault()?.Trim()
        : null;
}

/// <summary>What an interpreter has answered.</summary>
/// <param name="Problem">Null if the program has ended with exit code 0; otherwise the last line that it has printed.</param>
/// <param name="Output">What the program has written to its standard output, if it has ended with exit code 0.</param>
/// <param name="NotStarted">Why the interpreter could not be started; null if it was.</param>
internal sealed record PythonAnswer(string? Problem, string Output, Win32Exception? NotStarted = null);
