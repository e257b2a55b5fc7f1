using System.Text.Json;

namespace Snakepit.Benchmarks.Host.Meters;

/// <summary>A record such as programs send to tools: a number, a text, a fraction and a truth value.</summary>
internal sealed record MadeUpRecord(int Id, string Customer, double Price, bool IsPaid);

/// <summary>The lists of records that are sent to Python and back as JSON, and the check that they came back.</summary>
internal static class MadeUpRecords
{
    /// <summary>Returns the shortest list whose JSON has at least <paramref name="bytes"/> bytes.</summary>
    public static MadeUpRecord[] OfJson(int bytes)
    {
        var (made, size) = (new List<MadeUpRecord>(), 0);
        while (size < bytes)
        {
            var id = made.Count + 1;
            made.Add(new MadeUpRecord(id, $"customer {id}", id + 0.25, id % 2 == 0));
            size += JsonSerializer.SerializeToUtf8Bytes(made[^1]).Length + 1; // and a comma or a bracket
        }

        return [.. made];
    }

    /// <summary>Throws if a list is not what was sent.</summary>
    public static void RequireEqual(MadeUpRecord[] sent, MadeUpRecord[] came)
    {
        var same = sent.AsSpan().CommonPrefixLength(came);
        if (same < sent.Length || came.Length != sent.Length)
        {
            throw new InvalidOperationException(
                $"Of {sent.Length:N0} records that were sent, {came.Length:N0} came back, and only the first {same:N0} are right.");
        }
    }
}
