using System.CommandLine;
using System.CommandLine.Parsing;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Benchmarks.Scenarios;

namespace Snakepit.Benchmarks.Commands;

/// <summary>Names of scenarios and studies on the command line. Names are not case-sensitive.</summary>
internal static class ScenarioNames
{
    /// <summary>Returns an argument that takes any number of names of scenarios.</summary>
    public static Argument<string[]> Argument() => Argument("scenario", AllScenarios.All, ArgumentArity.ZeroOrMore);

    /// <summary>Returns an argument that takes the name of one scenario.</summary>
    public static Argument<string> One()
    {
        var name = new Argument<string>("scenario") { Description = "Which. See 'list'." };
        name.Validators.Add(result => RequireExisting(result, "scenario", AllScenarios.All, [result.GetValueOrDefault<string>() ?? ""]));
        return name;
    }

    /// <summary>Returns an argument that takes names, and rejects unknown names.</summary>
    /// <param name="kind">The kind of thing that is named: <c>scenario</c> or <c>study</c>.</param>
    /// <param name="all">The scenarios or studies that can be named.</param>
    /// <param name="arity">The number of names that the argument takes.</param>
    public static Argument<string[]> Argument(string kind, IReadOnlyList<Scenario> all, ArgumentArity arity)
    {
        var names = new Argument<string[]>(kind)
        {
            Description = $"Which{(arity.MinimumNumberOfValues == 0 ? "; all if none is named" : "")}. See 'list'.",
            Arity = arity,
        };
        names.Validators.Add(result => RequireExisting(result, kind, all, result.GetValueOrDefault<string[]>() ?? []));
        return names;
    }

    /// <summary>
    /// Returns the scenarios with the given names, in the order of the list of scenarios; all scenarios if there are no names.
    /// </summary>
    public static IReadOnlyList<Scenario> Selected(string[]? names) => Selected(AllScenarios.All, names);

    /// <summary>
    /// Returns the members of <paramref name="all"/> with the given names, in the order of <paramref name="all"/>; all members if there are
    /// no names.
    /// </summary>
    public static IReadOnlyList<T> Selected<T>(IReadOnlyList<T> all, string[]? names)
        where T : Scenario =>
        [.. all.Where(scenario => names is null or [] || names.Any(name => Is(scenario, name)))];

    /// <summary>Returns true if there is a scenario with this name.</summary>
    public static bool Exists(string name) => AllScenarios.All.Any(scenario => Is(scenario, name));

    private static void RequireExisting(ArgumentResult result, string kind, IReadOnlyList<Scenario> all, IEnumerable<string> names)
    {
        foreach (var name in names.Where(name => !all.Any(scenario => Is(scenario, name))))
        {
            result.AddError($"There is no {kind} '{name}'; there are {string.Join(", ", all.Select(scenario => scenario.Name))}.");
        }
    }

    private static bool Is(Scenario scenario, string name) => scenario.Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}
