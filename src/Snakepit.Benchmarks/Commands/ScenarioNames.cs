using System.CommandLine;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Benchmarks.Scenarios;

namespace Snakepit.Benchmarks.Commands;

/// <summary>Scenarios, or studies, as they are named on the command line.</summary>
internal static class ScenarioNames
{
    /// <summary>Any number of scenarios' names; an unknown one is an error.</summary>
    public static Argument<string[]> Argument() => Argument("scenario", AllScenarios.All, ArgumentArity.ZeroOrMore);

    /// <summary>Names; an unknown one is an error.</summary>
    /// <param name="kind">What they name, in a word.</param>
    /// <param name="all">What can be named.</param>
    /// <param name="arity">How many.</param>
    public static Argument<string[]> Argument(string kind, IReadOnlyList<Scenario> all, ArgumentArity arity)
    {
        var names = new Argument<string[]>(kind)
        {
            Description = $"Which{(arity.MinimumNumberOfValues == 0 ? "; all if none is named" : "")}. See 'list'.",
            Arity = arity,
        };
        names.Validators.Add(result =>
        {
            foreach (var name in result.GetValueOrDefault<string[]>() ?? [])
            {
                if (!all.Any(scenario => Is(scenario, name)))
                {
                    result.AddError($"There is no {kind} '{name}'; there are {string.Join(", ", all.Select(scenario => scenario.Name))}.");
                }
            }
        });
        return names;
    }

    /// <summary>The scenarios of those names, or all.</summary>
    public static IReadOnlyList<Scenario> Selected(string[]? names) => Selected(AllScenarios.All, names);

    /// <summary>Those of <paramref name="all"/> with those names, or all.</summary>
    public static IReadOnlyList<T> Selected<T>(IReadOnlyList<T> all, string[]? names)
        where T : Scenario =>
        [.. all.Where(scenario => names is null or [] || names.Any(name => Is(scenario, name)))];

    private static bool Is(Scenario scenario, string name) => scenario.Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}
