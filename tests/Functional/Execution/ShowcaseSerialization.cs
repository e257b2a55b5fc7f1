using System.Globalization;
using System.Numerics;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>Tests that the showcase's awkward values arrive as they are in Python, and that Python gets them back unchanged.</summary>
public abstract class ShowcaseSerialization<T>(ArrayShowcasePool<T> showcase) : IClassFixture<ArrayShowcasePool<T>>
    where T : ITestTransport
{
    private readonly SnakepitPool _pool = showcase.Pool;

    private sealed record Place(int X, double Y);

    private sealed record Awkward(
        object? Nothing,
        bool Truth,
        long Large,
        BigInteger Larger,
        double Whole,
        double Zero,
        double Least,
        double Nan,
        double Infinite,
        Complex Turned,
        string Text,
        byte[] Content,
        int[] View,
        short[] Numbers,
        float[,] Grid,
        Half[] Halves,
        ulong[] Counts,
        bool[] Flags,
        Complex[] Waves,
        decimal Price,
        DateTimeOffset Moment,
        DateOnly Day,
        TimeOnly Time,
        TimeSpan Duration,
        Guid Id,
        string Level,
        Place Place,
        object[] Pair,
        HashSet<string> Names,
        Dictionary<long, long> Squares);

    private sealed record Exchange(Awkward Values, string[] Changed);

    [NumpyFact]
    public async Task Awkward_values_arrive_and_return_exactly()
    {
        var values = (await _pool.ExecuteAsync<Exchange>("serialization_demo").InTime()).Values;
        Assert.Equal(((1L << 60) + 1, -BigInteger.Pow(10, 40) - 1), (values.Large, values.Larger));
        Assert.Equal((double.NegativeZero, double.Epsilon, double.NegativeInfinity), (values.Zero, values.Least, values.Infinite));
        Assert.True(double.IsNegative(values.Zero) && double.IsNaN(values.Nan));
        Assert.Equal("naïve 漢字 🐍 e\u0301 \0 \u2028 \"\\", values.Text);
        Assert.Equal(Enumerable.Range(0, 256).Select(static number => (byte)number), values.Content);
        Assert.Equal([int.MinValue, int.MaxValue], values.View);
        Assert.Equal([ulong.MaxValue], values.Counts);
        Assert.Equal("1234567890.10", values.Price.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(new DateTimeOffset(2024, 2, 29, 23, 59, 59, TimeSpan.Zero).AddMicroseconds(999_999), values.Moment);
        Assert.Equal((DateOnly.MinValue, TimeSpan.FromDays(-1) + TimeSpan.FromMicroseconds(1)), (values.Day, values.Duration));
        Assert.Equal(1L << 62, values.Squares[1L << 31]);

        Assert.Empty((await _pool.ExecuteAsync<Exchange>("serialization_demo", new { values }).InTime()).Changed);
    }

    [NumpyFact]
    public async Task A_value_that_was_changed_on_the_way_is_named()
    {
        var values = (await _pool.ExecuteAsync<Exchange>("serialization_demo").InTime()).Values;
        var other = values with { Zero = 0, Price = 1234567890.1m, Halves = [Half.MaxValue, Half.Zero], Level = "low" };
        var changed = (await _pool.ExecuteAsync<Exchange>("serialization_demo", new { values = other }).InTime()).Changed;
        Assert.Equal(["halves", "level", "price", "zero"], changed.Order());
    }
}

public sealed class ShowcaseSerializationOverGrpc(ArrayShowcasePool<OverGrpc> showcase) : ShowcaseSerialization<OverGrpc>(showcase);

public sealed class ShowcaseSerializationOverDirect(ArrayShowcasePool<OverDirect> showcase) : ShowcaseSerialization<OverDirect>(showcase);
