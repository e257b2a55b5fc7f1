namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>A fault: a template whose host has ended waits before it ends.</summary>
/// <param name="amount">How long it waits, in milliseconds.</param>
internal sealed class LateEnd(double amount) : SourceFault(
    SourcePatch.Before("roles/template.py", "control.close()", $"lifeline.has_ended(lifeline_descriptor) and {PythonDelay.Sleep(amount)}"));
