using Snakepit.Benchmarks.Gate;
using Snakepit.Benchmarks.Repository;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Files;
using Snakepit.Measurement.Runs;
using Spectre.Console;

namespace Snakepit.Benchmarks.Commands;

/// <summary>Tells the verdicts of a run and keeps its results. The verdicts come first, so that no file problem can hide them.</summary>
internal static class VerdictOutput
{
    /// <summary>Prints the verdicts, writes the files, and returns the exit code.</summary>
    /// <param name="workspace">The repository.</param>
    /// <param name="gate">The gate that has measured the run.</param>
    /// <param name="verdicts">The verdicts that the exit code shall tell.</param>
    /// <param name="output">A further file for the result; null for none.</param>
    /// <returns>
    /// The exit code of the verdicts. If they have passed but a file could not be written, <see cref="ExitCode.Broken"/>, because whoever
    /// needs the file must notice.
    /// </returns>
    public static async Task<int> WriteAsync(
        Workspace workspace, PerformanceGate gate, IReadOnlyCollection<ScenarioVerdict> verdicts, FileInfo? output = null)
    {
        var run = gate.Result();
        var code = ExitCode.Of(verdicts);
        try
        {
            TerminalReport.Write(
                AnsiConsole.Console,
                workspace,
                run,
                [.. gate.Runs.Select(measured => measured.Verdict)],
                gate.Runs.SelectMany(measured => measured.Notes));
        }
        catch (UnreadableFileException exception)
        {
            await Console.Error.WriteLineAsync($"The verdicts could not be shown: {exception.Message}");
            code = code == ExitCode.Pass ? ExitCode.Broken : code;
        }

        try
        {
            gate.Save(run);
            if (output is not null)
            {
                RunStore.SaveAs(run, output.FullName);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or UnreadableFileException)
        {
            await Console.Error.WriteLineAsync($"The results could not be written: {exception.Message}");
            code = code == ExitCode.Pass ? ExitCode.Broken : code;
        }

        gate.AddToJobSummary(run);
        return code;
    }
}
