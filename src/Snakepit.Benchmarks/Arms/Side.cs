namespace Snakepit.Benchmarks.Arms;

/// <summary>The two sides of a comparison. Every round measures both sides, and the gate judges the ratio of their values.</summary>
internal enum Side
{
    /// <summary>The code under test, usually the working tree.</summary>
    Candidate,

    /// <summary>The pin: an older commit, chosen and kept as the reference that the candidate is compared with.</summary>
    Pin,
}

/// <summary>Names the sides in messages.</summary>
internal static class SideWords
{
    /// <summary>Returns the side as a word: "candidate" or "pin".</summary>
    public static string ToWord(this Side side) => side == Side.Pin ? "pin" : "candidate";
}
