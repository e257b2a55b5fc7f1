using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Policies;

namespace Snakepit.Benchmarks.Validation;

/// <summary>
/// The keys of scenarios in the record of a validation. A key is a hash of everything that the verdicts of its sessions depend on. The
/// pool that they measure is no part of it, because it is the same on both sides.
/// </summary>
internal static class ScenarioKeys
{
    /// <summary>The keys of those scenarios as a commit has them, which must be the one that is checked out.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> OfAsync(
        Workspace workspace, string commit, IEnumerable<Scenario> scenarios)
    {
        var (sources, policy) = (new ScenarioSources(workspace.Root), workspace.LoadPolicy());
        var shared = await workspace.Git.HashAsync(commit, sources.Shared);
        var keys = new Dictionary<string, string>();
        foreach (var scenario in scenarios)
        {
            var own = await workspace.Git.HashAsync(commit, sources.OwnOf(scenario.Name));
            var all = Encoding.UTF8.GetBytes(shared + own + PartOf(policy, scenario));
            keys[scenario.Name] = Convert.ToHexStringLower(SHA256.HashData(all));
        }

        return keys;
    }

    /// <summary>What the policy asks of a scenario's metrics, as text.</summary>
    private static string PartOf(Policy policy, Scenario scenario)
    {
        var metrics = policy.Metrics.Where(entry => scenario.Keys.Contains(entry.Key)).ToDictionary();
        var rules = policy.Rules.Where(rule => metrics.Values.Any(metric => metric.Rule == rule.Key)).ToDictionary();
        return JsonSerializer.Serialize(new { policy.InterimLooks, rules, metrics });
    }
}
