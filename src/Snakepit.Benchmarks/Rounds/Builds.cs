using Snakepit.Benchmarks.Arms;

namespace Snakepit.Benchmarks.Rounds;

/// <summary>The builds of both sides of a comparison, ready to be started.</summary>
/// <param name="Staging">The copies of the builds from which hosts are started.</param>
/// <param name="Pin">The pinned commit, which the candidate is compared with; null if only the candidate is measured.</param>
internal sealed record Builds(Staging Staging, string? Pin) : IDisposable
{
    /// <summary>Remarks for the report: the settings in which the two builds differ.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    public void Dispose() => Staging.Dispose();
}
