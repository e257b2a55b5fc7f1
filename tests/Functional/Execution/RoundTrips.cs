using System.Globalization;
using CsCheck;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>A shared pool with the tools of <c>python/round_trip_tools.py</c>.</summary>
public sealed class RoundTripPool<T>() : SharedPool(Probe.Over<T>(Probe.Options with { Adapter = "round_trip_tools" }))
    where T : ITestTransport;

/// <summary>
/// Sends drawn values to Python and back, and compares every bit: arrays of all types and of one to four dimensions, some of which are
/// empty, NaN with different bits, memory, streams, numbers, and records, lists and dictionaries in which arrays lie. The environment
/// variable SNAKEPIT_ROUND_TRIPS sets another number of values for both transports together than 2,000, such as 100,000. After a failure,
/// the message names a seed; with the environment variable CsCheck_Seed set to it, the test draws the same value first.
/// </summary>
public abstract class RoundTrips<T>(RoundTripPool<T> tools) : IClassFixture<RoundTripPool<T>>
    where T : ITestTransport
{
    private static readonly int Count =
        int.Parse(Environment.GetEnvironmentVariable("SNAKEPIT_ROUND_TRIPS") ?? "2000", CultureInfo.InvariantCulture) / 2;

    [NumpyFact]
    public async Task Drawn_values_come_back_with_the_same_bits()
    {
        await DrawnValues.All.SampleAsync(CheckAsync, iter: Count, threads: 1);
        await tools.AssertStillUsable();
    }

    private async Task CheckAsync(DrawnValue drawn)
    {
        var given = Bits.Of(drawn.Given);
        var back = Bits.Of(await drawn.ExchangeAsync(tools.Pool));
        var at = given.AsSpan().CommonPrefixLength(back);
        Assert.True(
            at == given.Length && at == back.Length,
            $"{drawn}: {given.Length} bytes became {back.Length}, and differ at {at}: {Shown(given, at)} became {Shown(back, at)}");
    }

    private static string Shown(byte[] bytes, int at) => Convert.ToHexString(bytes.AsSpan(at)[..Math.Min(16, bytes.Length - at)]);
}

public sealed class RoundTripsOverGrpc(RoundTripPool<OverGrpc> tools) : RoundTrips<OverGrpc>(tools);

public sealed class RoundTripsOverDirect(RoundTripPool<OverDirect> tools) : RoundTrips<OverDirect>(tools);
