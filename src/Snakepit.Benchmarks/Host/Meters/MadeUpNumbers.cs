namespace Snakepit.Benchmarks.Host.Meters;

/// <summary>
/// The numbers that are sent as JSON and as an array: from 0 to 1 with all their digits, as those of a vector are. The whole numbers of
/// <see cref="MadeUpArray"/> have fewer digits, so their JSON would be shorter than usual.
/// </summary>
internal static class MadeUpNumbers
{
    private const int Seed = 1;

    /// <summary>Returns random numbers, the same ones each time.</summary>
    public static float[] Of(int count)
    {
        var random = new Random(Seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())];
    }

    /// <summary>Throws if any number is not what was sent.</summary>
    public static void RequireEqual(ReadOnlySpan<float> sent, ReadOnlySpan<float> came)
    {
        var same = sent.CommonPrefixLength(came);
        if (same < sent.Length || came.Length != sent.Length)
        {
            throw new InvalidOperationException(
                $"Of {sent.Length:N0} numbers that were sent, {came.Length:N0} came back, and only the first {same:N0} are right.");
        }
    }
}
