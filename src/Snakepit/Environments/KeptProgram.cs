using System.ComponentModel;
using System.Diagnostics;
using Snakepit.Processes;
using Snakepit.Threading;

namespace Snakepit.Environments;

/// <summary>
/// Runs a program below a keeper, so that nothing of it is left when it has ended, when it is cancelled, and when this process ends for any
/// reason. See <c>process/keeper.py</c>.
/// </summary>
internal static class KeptProgram
{
    private const string Program =
        "import sys; sys.path.insert(0, sys.argv.pop(1)); from snakepit_worker.process.kept_program import run; run(sys.argv[1:])";

    private static readonly TimeSpan KeeperPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan OutputGrace = TimeSpan.FromMilliseconds(400);

    /// <summary>Runs a program and returns how it has ended.</summary>
    /// <param name="keeper">The Python interpreter that runs the keeper.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="directory">The working directory of the program.</param>
    /// <param name="change">Changes the environment variables of the program.</param>
    /// <param name="output">Gets what the program prints.</param>
    /// <param name="cancellationToken">Ends the program.</param>
    /// <exception cref="PoolStartException">The keeper cannot be started.</exception>
    public static async Task<int> RunAsync(
        string keeper,
        IEnumerable<string> command,
        string directory,
        Action<IDictionary<string, string?>> change,
        OutputTail output,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var start = new ProcessStartInfo(keeper, ["-I", "-c", Program, PythonPackage.Locate(), .. command])
        {
            RedirectStandardInput = true, // the lifeline
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory,
        };
        change(start.Environment);
        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            throw StartFailure.Of(keeper, exception);
        }

        var reading = Task.WhenAll(
            ReadAsync(process.StandardError.BaseStream, output.Add),
            ReadAsync(process.StandardOutput.BaseStream, output.AddStandardOutput));
        try
        {
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await EndAsync(process).ConfigureAwait(false);
            await reading.EndsWithinAsync(OutputGrace).ConfigureAwait(false);
            output.Complete();
        }

        return process.ExitCode;
    }

    /// <summary>Ends the program, if it runs, and waits until all of it has ended.</summary>
    private static async Task EndAsync(Process process)
    {
        process.StandardInput.Close(); // the keeper kills everything below it, and ends
        if (!await process.WaitForExitAsync(CancellationToken.None).EndsWithinAsync(KeeperPatience).ConfigureAwait(false))
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None).EndsWithinAsync(KeeperPatience).ConfigureAwait(false);
        }
    }

    private static async Task ReadAsync(Stream stream, Action<ReadOnlySpan<byte>> add)
    {
        var buffer = new byte[4 * 1024];
        try
        {
            int count;
            while ((count = await stream.ReadAsync(buffer).ConfigureAwait(false)) > 0)
            {
                add(buffer.AsSpan(0, count));
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The process object was disposed, although a program that could not be killed still keeps the output open.
        }
    }
}
