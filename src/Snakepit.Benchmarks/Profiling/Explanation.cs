using System.Collections.Immutable;
using Snakepit.Measurement.Profiles;

namespace Snakepit.Benchmarks.Profiling;

/// <summary>What a profiled session has found about a scenario.</summary>
/// <param name="Scenario">The name of the scenario.</param>
/// <param name="Metrics">The metrics that were measured while the processes were profiled.</param>
/// <param name="Samplers">How samples were taken, in words.</param>
/// <param name="Rounds">The profiles.</param>
/// <param name="Unit">What costs are given for, such as "call".</param>
internal sealed record Explanation(
    string Scenario, IReadOnlyCollection<string> Metrics, string Samplers, ImmutableArray<ProfiledRound> Rounds, string Unit)
{
    /// <summary>Stands for a session that has failed.</summary>
    public static Explanation Failed(string scenario, string metric, string reason) =>
        new(scenario, [metric], "", [], "call") { Failures = [reason] };

    /// <summary>The functions of both sides, the most likely cause first; null if too few rounds were profiled to compare them.</summary>
    public GrowthRanking? Ranking { get; } = Rounds.Length < GrowthRanking.FewestRounds ? null : GrowthRanking.Of(Rounds);

    /// <summary>Reasons why samples are missing.</summary>
    public ImmutableArray<string> Failures { get; init; } = [];

    /// <summary>The source places of the functions whose growth is significant.</summary>
    public ImmutableDictionary<Frame, SourcePlace> Places { get; init; } = ImmutableDictionary<Frame, SourcePlace>.Empty;
}

/// <summary>The place of a function in the source.</summary>
/// <param name="File">The path of the file from the root of the repository.</param>
/// <param name="FirstLine">The number of its first line.</param>
/// <param name="LastLine">The number of its last line.</param>
internal sealed record SourcePlace(string File, int FirstLine, int LastLine)
{
    /// <summary>
    /// What has changed the lines since the pin, such as <c>3f2a91c "Sessions choose…"</c>, newest first; empty if nothing has.
    /// </summary>
    public ImmutableArray<string> ChangedBy { get; init; } = [];

    public override string ToString() => $"{File}:{FirstLine}";
}
