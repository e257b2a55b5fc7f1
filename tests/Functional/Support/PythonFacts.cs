using Snakepit.Processes;

namespace Snakepit.Tests.Functional.Support;

/// <summary>A test that needs Python: skipped with the reason where there is none, but never under CI=true.</summary>
public sealed class PythonFactAttribute : SkippableFactAttribute
{
    public PythonFactAttribute() => Skip = PythonPresence.ReasonToSkip;
}

/// <inheritdoc cref="PythonFactAttribute"/>
public sealed class PythonTheoryAttribute : SkippableTheoryAttribute
{
    public PythonTheoryAttribute() => Skip = PythonPresence.ReasonToSkip;
}

internal static class PythonPresence
{
    /// <summary>Why tests that need Python cannot run here; null if they can, or must.</summary>
    public static string? ReasonToSkip { get; } =
        string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase) ? null : Missing();

    private static string? Missing()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "Snakepit's workers need Linux.";
        }

        try
        {
            // Attributes cannot wait; once per run, and only where no .venv is found, a Python process is asked.
            PythonLocator.LocateAsync(configured: null, Transports.Of(WorkerTransport.Grpc).Requirements, CancellationToken.None).GetAwaiter().GetResult();
            return null;
        }
        catch (PythonNotFoundException exception)
        {
            return exception.Message;
        }
    }
}
