using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Files;

namespace Snakepit.Benchmarks.Commands;

/// <summary>Verbs tell what they expect to go wrong in a line or two, and by their exit code.</summary>
internal static class Telling
{
    public static async Task<int> RunAsync(Func<Task<int>> action)
    {
        // Whoever runs the verb listens to Ctrl+C only once it has the verb's task in hand.
        await Task.Yield();
        try
        {
            return await action();
        }
        catch (Exception exception) when (exception is UnreadableFileException or NotComparableException or SessionException or ArmLostException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return ExitCode.Broken;
        }
        catch (Exception exception) when (exception is PythonNotFoundException or PythonRuntimeException)
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
