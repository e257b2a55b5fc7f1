namespace Snakepit.Tests.Functional.Measurement.Proof;

/// <summary>The random choices of one resampling trial.</summary>
/// <param name="FirstJob">The recorded job that serves as the first session.</param>
/// <param name="SecondJob">Another recorded job, which serves as the second session.</param>
/// <param name="Rounds">
/// For each scenario, the rounds of the two jobs that are used. A round is drawn as a position between 0 and 1, because metrics that
/// reached their verdict early have fewer recorded rounds than others.
/// </param>
internal sealed record Draw(int FirstJob, int SecondJob, Dictionary<string, (double[] First, double[] Second)> Rounds)
{
    /// <summary>Draws two different jobs, and for each scenario rounds of both jobs with replacement.</summary>
    public static Draw New(Random random, int jobs, IEnumerable<string> scenarios, int rounds)
    {
        var first = random.Next(jobs);
        var second = (first + 1 + random.Next(jobs - 1)) % jobs;
        return new Draw(first, second, scenarios.ToDictionary(scenario => scenario, _ => (Positions(), Positions())));

        double[] Positions() => [.. Enumerable.Range(0, rounds).Select(_ => random.NextDouble())];
    }
}
