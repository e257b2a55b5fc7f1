using Snakepit.Measurement.Decisions;
using Snakepit.Measurement.Statistics;

namespace Snakepit.Tests.Functional.Measurement;

/// <summary>
/// A metric in the jobs of a corpus: each one's rounds and their middle. Nothing has changed in any job, so a middle is off 0 by the chance in its
/// rounds and by what differs between jobs; the second no further round would mend.
/// </summary>
internal sealed class RecordedMetric
{
    private readonly double[][] _jobs;
    private readonly double[] _middles;

    public RecordedMetric(string scenario, string name, RatioRule rule, Corpus corpus, int leastRounds)
    {
        (Scenario, Name, Rule) = (scenario, name, rule);
        _jobs = [.. corpus.Jobs.Select(job => job.LogRatios(scenario, name, leastRounds))];
        _middles = [.. _jobs.Select(Middle)];
        RoundSd = Pooled(_jobs);
        QuietSd = Pooled(_jobs.Where((_, index) => !corpus.Jobs[index].IsLoaded));
        LoadedSd = Pooled(_jobs.Where((_, index) => corpus.Jobs[index].IsLoaded));
    }

    public string Scenario { get; }

    public string Name { get; }

    public RatioRule Rule { get; }

    /// <summary>The standard deviation of a round within a job, of logarithms; and in quiet and loaded jobs alone.</summary>
    public double RoundSd { get; }

    public double QuietSd { get; }

    public double LoadedSd { get; }

    /// <summary>The mean over jobs, which nothing but chance should move from 0.</summary>
    public double Bias => _middles.Average();

    /// <summary>
    /// The variance between jobs, as these show it: how far their middles are from 0, less what their own rounds make of that. Of a few jobs chance
    /// makes anything, less than 0 too; the mean of many metrics is worth more.
    /// </summary>
    public double BetweenJobs => _middles.Zip(_jobs, (middle, job) => (middle * middle) - OfMiddle(job)).Average();

    /// <summary>How far the middles are from 0, all together, in the variances that their rounds and the rule's tau explain: chi-square, one degree a job.</summary>
    public double Apart => _middles.Zip(_jobs, (middle, job) => middle * middle / (OfMiddle(job) + (Rule.BetweenJobSd * Rule.BetweenJobSd))).Sum();

    /// <summary>
    /// A job's rounds about a middle that is as far from 0 as the variance <paramref name="between"/> jobs has it, without what its few rounds add to
    /// that; and what they deviate from it by is widened by what fitting took away (Davison and Hinkley, Bootstrap Methods and their Application, section 3.8).
    /// </summary>
    public double[][] DrawnFrom(double between) => [.. _jobs.Zip(_middles, (job, middle) =>
    {
        var drawn = between == 0 ? 0 : Math.Sqrt(between / (between + OfMiddle(job))) * middle;
        var widening = Math.Sqrt(job.Length / (job.Length - 1.0));
        return job.Select(value => drawn + (widening * (value - middle))).ToArray();
    })];

    private static double Middle(double[] job) => Estimate.Of(job.AsSpan(0, Math.Min(job.Length, SignedRankDistribution.MaxCount)), 0.05).Value;

    /// <summary>The variance of a middle by its rounds alone: a pseudo-median is about as sharp as a mean.</summary>
    private static double OfMiddle(double[] job) => Variance(job) / job.Length;

    private static double Pooled(IEnumerable<double[]> jobs) => Math.Sqrt(jobs.Select(Variance).DefaultIfEmpty(double.NaN).Average());

    private static double Variance(double[] values)
    {
        var mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
    }
}
