using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Policies;

namespace Snakepit.Benchmarks.Validation;

/// <summary>
/// Computes the key of each scenario in the record of a validation. A key is a hash of everything on which the verdicts on the scenario's
/// sessions depend, except comments. The sources of the measured pool are not part of the hash, because the pool is the same on both sides.
/// </summary>
internal static class ScenarioKeys
{
    /// <summary>Returns the keys of scenarios for a commit, which must be the commit that is checked out.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> OfAsync(
        Workspace workspace, string commit, IEnumerable<Scenario> scenarios)
    {
        var (sources, policy) = (new ScenarioSources(workspace.Root), workspace.LoadPolicy());
        var shared = await HashAsync(sources.Shared);
        var keys = new Dictionary<string, string>();
        foreach (var scenario in scenarios)
        {
            var own = await HashAsync(sources.OwnOf(scenario.Name));
            var all = Encoding.UTF8.GetBytes(shared + own + PartOf(policy, scenario));
            keys[scenario.Name] = Convert.ToHexStringLower(SHA256.HashData(all));
        }

        return keys;

        async Task<string> HashAsync(string[] pathspecs) =>
            SourceHash.Of(workspace.Root, await workspace.Git.FilesAsync(commit, pathspecs));
    }

    /// <summary>Returns the part of the policy that judges a scenario: the interim looks, its metrics and their rules, as text.</summary>
    private static string PartOf(Policy policy, Scenario scenario)
    {
        var metrics = policy.Metrics.Where(entry => scenario.Keys.Contains(entry.Key)).ToDictionary();
        var rules = policy.Rules.Where(rule => metrics.Values.Any(metric => metric.Rule == rule.Key)).ToDictionary();
        return JsonSerializer.Serialize(new { policy.InterimLooks, rules, metrics });
    }
}
