using Snakepit.Benchmarks.Profiling;
using Snakepit.Measurement.Profiles;

namespace Snakepit.Tests.Functional.Profiling;

/// <summary>Tests the files that sampled Python processes write.</summary>
public sealed class PythonSampleFiles
{
    private const string File =
        """
        begin	1000000	.
        function	main	/x/1/a/python/snakepit_worker/__main__.py	.
        function	Tools.add	/x/1/a/adapters/tools.py	.
        function	loads	/usr/lib/python3.11/json/__init__.py	.
        stack	0 1	.
        sample	5000	3000000	0	.
        stack	0 1 2	.
        sample	6000	7000000	1	.
        sample	7000	11000000	0	.
        """;

    private static readonly Frame Main = new("main", "snakepit_worker/__main__.py", IsOwn: true);
    private static readonly Frame Add = new("Tools.add", "adapters/tools.py", IsOwn: true);
    private static readonly Frame Loads = new("loads", "__init__.py", IsOwn: false);

    [Fact]
    public void Samples_have_their_time_their_stack_and_the_time_spent_since_the_sample_before()
    {
        var samples = PythonSamples.Parse(File.Split('\n')).ToList();
        Assert.Equal([5_000, 6_000, 7_000], samples.ConvertAll(sample => sample.Time));
        Assert.Equal([2_000, 4_000, 4_000], samples.ConvertAll(sample => sample.Cost));
        Assert.Equal([Main, Add], samples[0].Frames.AsEnumerable());
        Assert.Equal([Main, Add, Loads], samples[1].Frames.AsEnumerable());
    }

    [Fact]
    public void A_line_that_a_killed_worker_has_not_finished_is_left_out()
    {
        for (var length = 0; length < File.Length; length++)
        {
            var lines = File[..length].Split('\n');
            Assert.Equal(lines.Count(IsWholeSample), PythonSamples.Parse(lines).Count());
        }

        static bool IsWholeSample(string line) =>
            line.StartsWith("sample", StringComparison.Ordinal) && line.EndsWith("\t.", StringComparison.Ordinal);
    }
}
