using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Profiling;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Files;

namespace Snakepit.Benchmarks.Commands;

/// <summary>
/// Runs the action of a command. An exception that a user can do something about is printed as its message, and becomes an exit code. All
/// other exceptions are thrown, and the program prints them with their stack traces.
/// </summary>
internal static class CommandRunner
{
    public static async Task<int> RunAsync(Func<Task<int>> action)
    {
        // System.CommandLine handles Ctrl+C only after it has received the task of the command, so the task is returned before any work.
        await Task.Yield();
        try
        {
            CandidateBuild.RequireOwnClone();
            return await action();
        }
        catch (Exception exception) when (exception
            is UnreadableFileException or NotComparableException or SessionException or ArmLostException
            or SamplingException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return ExitCode.Broken;
        }
        catch (Exception exception) when (exception
            is PythonNotFoundException or PythonRuntimeException or ModuleMissingException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return ExitCode.MachineUnfit;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Given up: hosts are ended, nothing was accepted.");
            return ExitCode.MachineUnfit;
        }
    }
}
