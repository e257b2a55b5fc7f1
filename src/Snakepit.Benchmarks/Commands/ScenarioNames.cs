using System.CommandLine;
using Snakepit.Benchmarks.Scenarios;

namespace Snakepit.Benchmarks.Commands;

/// <summary>Scenarios as they are named on the command line.</summary>
internal static class ScenarioNames
{
    /// <summary>Any number of names; an unknown one is an error.</summary>
    public static Argument<string[]> Argument()
    {
        var names = new Argument<string[]>("scenario") { Description = "Which; all if none is named. See 'list'.", Arity = ArgumentArity.ZeroOrMore };
        names.Validators.Add(result =>
        {
            foreach (var name in result.GetValueOrDefault<string[]>() ?? [])
            {
                if (!Scenario.All.Any(scenario => Is(scenario, name)))
                {
                    result.AddError($"There is no scenario '{name}'; there are {string.Join(", ", Scenario.All.Select(scenario => scenario.Name))}.");
                }
            }
        });
        return names;
    }

    /// <summary>The scenarios of those names, or all.</summary>
    public static IReadOnlyList<Scenario> Selected(string[]? names) =>
        [.. Scenario.All.Where(scenario => names is null or [] || names.Any(name => Is(scenario, name)))];

    private static bool Is(Scenario scenario, string name) => scenario.Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}
