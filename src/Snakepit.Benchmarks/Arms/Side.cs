namespace Snakepit.Benchmarks.Arms;

/// <summary>The two sides of a comparison.</summary>
internal enum Side
{
    /// <summary>The revision under test, usually the working tree.</summary>
    Candidate,

    /// <summary>The revision that ratios refer to.</summary>
    Pin,
}
