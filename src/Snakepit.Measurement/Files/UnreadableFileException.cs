namespace Snakepit.Measurement.Files;

/// <summary>
/// The exception for a file of the project (a run, a baseline, the policy or another one) that is missing, damaged, or contradicts itself.
/// </summary>
public sealed class UnreadableFileException : Exception
{
    /// <param name="path">The path of the file.</param>
    /// <param name="problem">What is wrong with the file, and what to do about it.</param>
    /// <param name="innerException">The exception that was thrown while the file was read; null if there was none.</param>
    public UnreadableFileException(string path, string problem, Exception? innerException = null)
        : base($"{path}: {problem}", innerException) =>
        Path = path;

    /// <summary>The path of the file.</summary>
    public string Path { get; }
}
