namespace Snakepit.Measurement.Files;

/// <summary>A file that should hold a run, a baseline or a policy and does not.</summary>
public sealed class UnreadableFileException : Exception
{
    /// <param name="path">The file.</param>
    /// <param name="problem">What is wrong with it, and what to do.</param>
    /// <param name="innerException">What reading it threw.</param>
    public UnreadableFileException(string path, string problem, Exception? innerException = null)
        : base($"{path}: {problem}", innerException) =>
        Path = path;

    /// <summary>The file.</summary>
    public string Path { get; }
}
