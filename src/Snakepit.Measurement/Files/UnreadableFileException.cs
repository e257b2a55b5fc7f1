namespace Snakepit.Measurement.Files;

/// <summary>A run, baseline, policy or other file of the project is missing, damaged, or contradicts itself.</summary>
public sealed class UnreadableFileException : Exception
{
    /// <param name="path">The file.</param>
    /// <param name="problem">What is wrong with it, and what to do.</param>
    /// <param name="innerException">The exception that reading it threw.</param>
    public UnreadableFileException(string path, string problem, Exception? innerException = null)
        : base($"{path}: {problem}", innerException) =>
        Path = path;

    /// <summary>The file.</summary>
    public string Path { get; }
}
