using Snakepit.Benchmarks.Rounds;

namespace Snakepit.Benchmarks.Studies;

/// <summary>The studies that can be run; a new one is added here.</summary>
internal static class AllStudies
{
    /// <summary>Every study, in the order in which they are run and listed.</summary>
    public static IReadOnlyList<Study> All { get; } =
        [new OverheadStudy(), new TransportsStudy(), new ThousandfoldStudy(), new PeersStudy()];
}
