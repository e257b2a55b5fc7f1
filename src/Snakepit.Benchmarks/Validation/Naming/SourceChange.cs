using Snakepit.Benchmarks.Host.Faults;

namespace Snakepit.Benchmarks.Validation.Naming;

/// <summary>A change of one place in the C# sources of the product, from which the candidate of a trial is built.</summary>
/// <param name="File">The file, relative to the root of the repository.</param>
/// <param name="Old">The text that is replaced. The file has it exactly once.</param>
/// <param name="New">The text that replaces it.</param>
internal sealed record SourceChange(string File, string Old, string New)
{
    /// <summary>Returns a change that uses CPU time before a statement.</summary>
    /// <param name="file">The file, relative to the folder of the library.</param>
    /// <param name="statement">The beginning of the statement. The file has it exactly once.</param>
    /// <param name="microseconds">The CPU time.</param>
    public static SourceChange Spin(string file, string statement, double microseconds) => new(
        $"src/Snakepit/{file}",
        statement,
        $"for (var until = System.Diagnostics.Stopwatch.GetTimestamp() + {microseconds * 1_000:F0}; "
        + $"System.Diagnostics.Stopwatch.GetTimestamp() < until;) {{ }} {statement}");

    /// <summary>Makes the change in a copy of the sources.</summary>
    /// <exception cref="InvalidOperationException">The file does not have the text exactly once.</exception>
    public void ApplyTo(string root) => SourcePatch.Replace(Path.Combine(root, File), Old, New);
}
