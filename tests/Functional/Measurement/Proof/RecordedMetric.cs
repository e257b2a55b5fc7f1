using Snakepit.Measurement.Decisions;
using Snakepit.Measurement.Statistics;

namespace Snakepit.Tests.Functional.Measurement.Proof;

/// <summary>
/// One metric in all recorded jobs. The centre of a job is the estimate from the logarithms of its ratios. Both sides were the same code,
/// so the centre of each job should be 0. A centre differs from 0 for two reasons: chance, because a job has few rounds, and a real
/// difference between jobs. More rounds would reduce the effect of chance but not the difference between jobs. Resampling must separate
/// the two effects, or else it would take chance for a difference between jobs.
/// </summary>
internal sealed class RecordedMetric
{
    private readonly double[][] _jobs;
    private readonly double[] _centres;

    public RecordedMetric(string scenario, string name, RatioRule rule, Corpus corpus, int fewestRounds)
    {
        (Scenario, Name, Rule) = (scenario, name, rule);
        _jobs = [.. corpus.Jobs.Select(job => job.LogRatios(scenario, name, fewestRounds))];
        _centres = [.. _jobs.Select(Centre)];
        RoundSd = PooledSd(_jobs);
        QuietSd = PooledSd(_jobs.Where((_, index) => !corpus.Jobs[index].IsLoaded));
        LoadedSd = PooledSd(_jobs.Where((_, index) => corpus.Jobs[index].IsLoaded));
    }

    public string Scenario { get; }

    public string Name { get; }

    public RatioRule Rule { get; }

    /// <summary>The standard deviation of the logarithm of the ratio within a job, over all jobs.</summary>
    public double RoundSd { get; }

    /// <summary>The standard deviation within the jobs that were recorded on a quiet machine.</summary>
    public double QuietSd { get; }

    /// <summary>The standard deviation within the jobs that were recorded on a loaded machine.</summary>
    public double LoadedSd { get; }

    /// <summary>The mean of the centres of all jobs, which differs from 0 only by chance.</summary>
    public double Bias => _centres.Average();

    /// <summary>
    /// An estimate of the variance between jobs (method of moments): the mean of the squared centres, minus the variance of a centre that
    /// is due to chance. The estimate may be negative. It is imprecise if there are few jobs, so callers average it over many metrics.
    /// </summary>
    public double BetweenJobVariance => _centres.Zip(_jobs, (centre, job) => (centre * centre) - VarianceOfCentre(job)).Average();

    /// <summary>
    /// The sum of the squared centres, each divided by its expected variance: the part due to chance plus the variance between jobs that
    /// the rule states. If the rule is right, the sum follows a chi-square distribution with one degree of freedom per job.
    /// </summary>
    public double ChiSquare => _centres.Zip(
        _jobs, (centre, job) => centre * centre / (VarianceOfCentre(job) + (Rule.BetweenJobSd * Rule.BetweenJobSd))).Sum();

    /// <summary>
    /// Returns the rounds of each job, prepared for resampling. The centre of each job is moved towards 0, so that the variance of the
    /// centres becomes <paramref name="betweenJobVariance"/>, without the part that is due to chance. The deviations of a job's n rounds
    /// from its centre are too small, because the centre was estimated from the same rounds. So the deviations are multiplied by
    /// √(n / (n − 1)) (Davison and Hinkley, Bootstrap Methods and their Application, section 3.8).
    /// </summary>
    public double[][] ForResampling(double betweenJobVariance) => [.. _jobs.Zip(_centres, (job, centre) =>
    {
        var shrinkage = betweenJobVariance == 0 ? 0 : Math.Sqrt(betweenJobVariance / (betweenJobVariance + VarianceOfCentre(job)));
        var moved = shrinkage * centre;
        var scale = Math.Sqrt(job.Length / (job.Length - 1.0));
        return job.Select(value => moved + (scale * (value - centre))).ToArray();
    })];

    private static double Centre(double[] job) =>
        Estimate.Of(job.AsSpan(0, Math.Min(job.Length, SignedRankDistribution.MaxCount)), 0.05).Value;

    /// <summary>
    /// Returns the variance that the centre of a job has by chance. The centre is a Hodges–Lehmann estimate, whose variance is about
    /// that of a mean.
    /// </summary>
    private static double VarianceOfCentre(double[] job) => Variance(job) / job.Length;

    private static double PooledSd(IEnumerable<double[]> jobs) => Math.Sqrt(jobs.Select(Variance).DefaultIfEmpty(double.NaN).Average());

    private static double Variance(double[] values)
    {
        var mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
    }
}
