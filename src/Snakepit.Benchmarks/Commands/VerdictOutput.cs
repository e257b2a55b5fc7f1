using Snakepit.Benchmarks.Gate;
using Snakepit.Benchmarks.Profiling;
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
    /// <returns>The exit code of the verdicts, which a file that could not be written changes only if all have passed.</returns>
    public static async Task<VerdictsTold> WriteAsync(
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
            foreach (var line in gate.Runs.SelectMany(measured => ExplanationText.LinesOf(measured.Why)))
            {
                AnsiConsole.WriteLine(line);
            }
        }
        catch (Exception exception) when (exception is UnreadableFileException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"The verdicts could not be shown: {exception.Message}");
            code = code == ExitCode.Pass ? ExitCode.Broken : code;
        }

        var files = gate.Save(run);
        if (output is not null)
        {
            files.Write(output.FullName, path => RunStore.SaveAs(run, path));
        }

        code = ExitCode.With(code, files, Console.Error.WriteLine);
        gate.AddToJobSummary(run);
        return new VerdictsTold(code, files.Written);
    }
}

/// <summary>What was told about a run.</summary>
/// <param name="Code">The exit code.</param>
/// <param name="Written">The paths of the files that were written.</param>
internal sealed record VerdictsTold(int Code, IReadOnlyList<string> Written)
{
    /// <summary>Names the files that were written: the report, and the further file for the result.</summary>
    public void WritePaths(string report, FileInfo? output = null)
    {
        if (Written.Contains(report))
        {
            AnsiConsole.WriteLine($"Report: {report}");
        }

        if (output is not null && Written.Contains(output.FullName))
        {
            AnsiConsole.WriteLine($"Result: {output.FullName}");
        }
    }
}
