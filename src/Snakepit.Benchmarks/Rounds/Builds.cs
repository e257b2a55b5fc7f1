using Snakepit.Benchmarks.Arms;

namespace Snakepit.Benchmarks.Rounds;

/// <summary>The builds of both sides, ready to be started.</summary>
/// <param name="Staging">Their copies.</param>
/// <param name="Pin">The pinned commit; null if the candidate is measured alone.</param>
internal sealed record Builds(Staging Staging, string? Pin) : IDisposable
{
    public void Dispose() => Staging.Dispose();
}
