namespace Snakepit.Benchmarks.Host.Meters;

/// <summary>The arrays that are sent to Python and back, and the check that they came back.</summary>
internal static class MadeUpArray
{
    /// <summary>Returns an array whose elements are the numbers from 0 on.</summary>
    public static float[] Of(int length)
    {
        var made = new float[length];
        for (var i = 0; i < length; i++)
        {
            made[i] = i;
        }

        return made;
    }

    /// <summary>
    /// Throws if an array is not what was sent. Only its length, its middle and its end are compared, because a comparison of all elements
    /// would take as long as the call.
    /// </summary>
    public static void RequireSame(ReadOnlySpan<float> sent, ReadOnlySpan<float> came)
    {
        if (came.Length != sent.Length || came[came.Length / 2] != sent[sent.Length / 2] || came[^1] != sent[^1])
        {
            throw new InvalidOperationException($"An array of {sent.Length:N0} elements has not come back as it was sent.");
        }
    }
}
