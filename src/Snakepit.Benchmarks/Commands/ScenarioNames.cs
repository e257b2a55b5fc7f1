using System.CommandLine;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Benchmarks.Scenarios;

namespace Snakepit.Benchmarks.Commands;

/// <summary>Names of scenarios and studies on the command line. Upper and lower case are the same.</summary>
internal static class ScenarioNames
{
    /// <summary>An argument that takes any number of names of scenarios.</summary>
    public static Argument<string[]> Argument() => Argument("scenario", AllScenarios.All, ArgumentArity.ZeroOrMore);

    /// <summary>An argument that takes names, and refuses unknown ones.</summary>
    /// <param name="kind">What the names stand for: <c>scenario</c> or <c>study</c>.</param>
    /// <param name="all">What can be named.</param>
    /// <param name="arity">How many names.</param>
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

    /// <summary>The scenarios with those names, in the order of the list; all if there are no names.</summary>
    public static IReadOnlyList<Scenario> Selected(string[]? names) => Selected(AllScenarios.All, names);

    /// <summary>Those of <paramref name="all"/> with those names, in the order of the list; all if there are no names.</summary>
    public static IReadOnlyList<T> Selected<T>(IReadOnlyList<T> all, string[]? names)
        where T : Scenario =>
        [.. all.Where(scenario => names is null or [] || names.Any(name => Is(scenario, name)))];

    private static bool Is(Scenario scenario, string name) => scenario.Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}
