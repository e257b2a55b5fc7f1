using System.Collections.Immutable;

namespace Snakepit.Measurement.Profiles;

/// <summary>The functions of both sides in the order in which they explain why the candidate costs more than the pin.</summary>
/// <param name="Functions">
/// All functions, the most likely cause first. What is spent outside of the product comes last, because no change of the product is there,
/// and the work of other threads, such as of a compiler or a garbage collector, varies a lot.
/// </param>
/// <param name="Candidate">The mean cost of a unit of work on the candidate's side.</param>
/// <param name="Pin">The mean cost of a unit of work on the pin's side.</param>
public sealed record GrowthRanking(ImmutableArray<FunctionGrowth> Functions, double Candidate, double Pin)
{
    /// <summary>How many rounds are needed. From one round, no error between rounds can be computed.</summary>
    public const int FewestRounds = 2;

    /// <summary>How much more a unit of work costs on the candidate's side, in all functions together.</summary>
    public double Growth => Candidate - Pin;

    /// <summary>The functions whose growth chance does not explain, the most likely cause first. Empty if there is none.</summary>
    public IEnumerable<FunctionGrowth> Significant => Functions.Where(function => function.IsSignificant);

    /// <summary>Ranks the functions in the profiles of several rounds.</summary>
    /// <exception cref="ArgumentException">There are fewer than two rounds.</exception>
    public static GrowthRanking Of(IReadOnlyCollection<ProfiledRound> rounds)
    {
        if (rounds.Count < FewestRounds)
        {
            throw new ArgumentException($"{rounds.Count} rounds were profiled, and {FewestRounds} are needed.", nameof(rounds));
        }

        var costs = rounds.Select(round => (Candidate: FunctionCosts.Of(round.Candidate), Pin: FunctionCosts.Of(round.Pin))).ToList();
        var functions = costs.SelectMany(round => round.Candidate.Functions.Concat(round.Pin.Functions)).Distinct();
        return new GrowthRanking(
            [.. functions.Select(function => GrowthOf(function, costs)).OrderByDescending(growth => growth.Function.IsOwn)
                .ThenByDescending(growth => growth.Score).ThenBy(growth => growth.Function.Function, StringComparer.Ordinal)],
            rounds.Average(round => Total(round.Candidate)),
            rounds.Average(round => Total(round.Pin)));
    }

    private static FunctionGrowth GrowthOf(Frame function, List<(FunctionCosts Candidate, FunctionCosts Pin)> costs)
    {
        var rounds = costs.ConvertAll(round => (Candidate: round.Candidate.Of(function), Pin: round.Pin.Of(function)));
        var growths = rounds.ConvertAll(round => round.Candidate.Own - round.Pin.Own);
        var mean = growths.Average();
        var squares = growths.Sum(growth => (growth - mean) * (growth - mean));
        return new FunctionGrowth(
            function,
            rounds.Average(round => round.Candidate.Own),
            rounds.Average(round => round.Pin.Own),
            Math.Sqrt(rounds.Sum(round => round.Candidate.Variance + round.Pin.Variance)) / rounds.Count,
            Math.Sqrt(squares / (rounds.Count - 1) / rounds.Count))
        {
            Inclusive = rounds.Average(round => round.Candidate.Inclusive - round.Pin.Inclusive),
            Library = LibraryOf(rounds, mean),
        };
    }

    private static string? LibraryOf(List<(FunctionCost Candidate, FunctionCost Pin)> rounds, double growth)
    {
        var growths = new Dictionary<string, double>();
        foreach (var (candidate, pin) in rounds)
        {
            Add(candidate, 1);
            Add(pin, -1);
        }

        var most = growths.OrderByDescending(library => library.Value).FirstOrDefault();
        return growth > 0 && most.Value / rounds.Count >= growth / 2 ? most.Key : null;

        void Add(FunctionCost cost, int sign)
        {
            foreach (var (library, own) in cost.Libraries)
            {
                growths[library] = growths.GetValueOrDefault(library) + (sign * own);
            }
        }
    }

    private static double Total(Profile profile) => profile.Samples.Sum(sample => sample.Cost) / profile.Work;
}
