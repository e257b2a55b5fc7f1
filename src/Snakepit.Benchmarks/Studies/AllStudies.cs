using Snakepit.Benchmarks.Rounds;

namespace Snakepit.Benchmarks.Studies;

/// <summary>Lists the studies, which compare several ways of doing the same thing. A new study must be added here.</summary>
internal static class AllStudies
{
    /// <summary>All studies, in the order in which they are run and listed.</summary>
    public static IReadOnlyList<Study> All { get; } =
        [new OverheadStudy(), new TransportsStudy(), new ThousandfoldStudy(), new PeersStudy(), new PayloadsStudy()];
}
