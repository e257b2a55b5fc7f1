namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>
/// A change of one place in the Python package of the product. A fault makes it in the copy of the build from which the candidate runs, so
/// that a validation can check that the gate finds a mistake in the product itself. Python compiles a file anew that was changed.
/// </summary>
/// <param name="Source">The file, relative to the package <c>snakepit_worker</c>.</param>
/// <param name="Old">The text that is replaced. The file has it exactly once.</param>
/// <param name="New">The text that replaces it.</param>
internal sealed record SourcePatch(string Source, string Old, string New)
{
    /// <summary>Returns a patch that adds a statement before another one, on the same line and so with its indentation.</summary>
    /// <param name="source">The file, relative to the package.</param>
    /// <param name="statement">The beginning of a statement. The file has it exactly once.</param>
    /// <param name="added">The statement that is run before it.</param>
    public static SourcePatch Before(string source, string statement, string added) => new(source, statement, $"{added}; {statement}");

    /// <summary>Makes the change in a copy of the build.</summary>
    /// <param name="build">The directory of the copy, in which the folder <c>python</c> has the package.</param>
    /// <exception cref="InvalidOperationException">
    /// The file does not have the text exactly once. It was probably changed after the fault was written, so the fault must be changed too.
    /// </exception>
    public void ApplyTo(string build) => Replace(Path.Combine(build, "python", "snakepit_worker", Source), Old, New);

    /// <summary>Replaces a text in a file.</summary>
    /// <exception cref="InvalidOperationException">The file does not have the text exactly once.</exception>
    public static void Replace(string path, string old, string @new)
    {
        var text = File.Exists(path) ? File.ReadAllText(path) : "";
        var places = text.Split(old).Length - 1;
        if (places != 1)
        {
            throw new InvalidOperationException($"A fault changes one place in {path}, and there are {places} with the text '{old}'.");
        }

        File.WriteAllText(path, text.Replace(old, @new, StringComparison.Ordinal));
    }
}
