namespace Snakepit.Benchmarks.Arms;

/// <summary>The two sides of a comparison.</summary>
internal enum Side
{
    /// <summary>The revision under test, usually the working tree.</summary>
    Candidate,

    /// <summary>The revision that ratios refer to.</summary>
    Pin,
}

/// <summary>Sides in messages.</summary>
internal static class SideWords
{
    /// <summary>A side as a word: candidate or pin.</summary>
    public static string ToWord(this Side side) => side == Side.Pin ? "pin" : "candidate";
}
