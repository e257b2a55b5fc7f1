using System.Collections.Immutable;
using Snakepit.Benchmarks.Profiling;
using Snakepit.Measurement.Profiles;

namespace Snakepit.Tests.Functional.Conventions.Documents;

/// <summary>Tests that the document about performance shows an explanation as it is printed.</summary>
public sealed class ExplanationExample
{
    /// <summary>The line before the block.</summary>
    public const string Marker = "<!-- example of an explanation -->";

    private const double Calls = 1_000;

    private static readonly Frame Request = new("PoolState.Request", "Snakepit", IsOwn: true);
    private static readonly SourcePlace Place = new("src/Snakepit/Scheduling/PoolState.cs", 66, 80)
    {
        ChangedBy = ["3f2a91c \"Sessions choose their worker\""],
    };

    private static readonly Frame Others = new("others", "Snakepit", IsOwn: true);

    [Fact]
    public void The_document_shows_what_is_printed()
    {
        var round = new ProfiledRound(Profiled(7.02, 119.78), Profiled(1.19, 119.71));
        var explanation = new Explanation("Throughput", ["throughput.8.cpu.host"], "", [.. Enumerable.Repeat(round, 8)], "call")
        {
            Places = ImmutableDictionary<Frame, SourcePlace>.Empty.Add(Request, Place),
        };
        var shown = Block.In("text").Single(block => block.Before == Marker).Code.TrimEnd();
        Assert.Equal(shown.Split('\n'), ExplanationText.LinesOf(explanation));
    }

    /// <summary>Returns a profile with samples of 1 ms for a number of microseconds for each call.</summary>
    private static Profile Profiled(double request, double others) => new([.. Many(Request, request), .. Many(Others, others)], Calls);

    private static IEnumerable<StackSample> Many(Frame function, double microseconds) =>
        Enumerable.Repeat(new StackSample([function], microseconds * Calls / 100), 100);
}
