namespace Snakepit.Benchmarks.Host.Meters;

/// <summary>
/// Draws numbers by Zipf's law: the number of rank k is drawn with a probability in proportion to 1/k. This is how often, for example, the
/// users of a service come.
/// </summary>
internal static class ZipfDraws
{
    /// <summary>
    /// Draws <paramref name="count"/> numbers, each from 0 to <paramref name="ranks"/> - 1, of which 0 is the most frequent.
    /// </summary>
    public static int[] Of(int ranks, int count, int seed)
    {
        var random = new Random(seed);
        var below = new double[ranks];
        var total = 0.0;
        for (var rank = 0; rank < ranks; rank++)
        {
            total += 1.0 / (rank + 1);
            below[rank] = total;
        }

        var draws = new int[count];
        for (var i = 0; i < count; i++)
        {
            var found = Array.BinarySearch(below, random.NextDouble() * total);
            draws[i] = Math.Min(found < 0 ? ~found : found, ranks - 1);
        }

        return draws;
    }
}
