namespace Snakepit.OpenTelemetry;

/// <summary>The names under which pools report what they do; sources of activities and meters have the same names.</summary>
internal static class InstrumentationNames
{
    /// <summary>Of what the pool does: calls, workers, the queue.</summary>
    public const string Pool = "Snakepit";

    /// <summary>Of what the code in the workers reports.</summary>
    public const string Python = "Snakepit.Python";
}
