using Snakepit.Benchmarks.Repository;
using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Files;
using Snakepit.Measurement.Policies;

namespace Snakepit.Benchmarks.Gate;

/// <summary>
/// Determines the criteria by which a pull request is judged. If the pull request changes the policy or the pin, the policy and the pin of
/// the commit at which it branched off still count. If it changes accepted ratios, the new ratios count, and a note in the report shows the
/// change to the reviewer. A ratio that it leaves out still counts.
/// </summary>
internal static class PullRequestCriteria
{
    private const string PolicyFile = "baselines/policy.json";

    /// <summary>
    /// Returns the criteria of the working tree, but with the policy and the pin of the commit at which the pull request branched off.
    /// </summary>
    /// <param name="own">The criteria of the working tree.</param>
    /// <param name="workspace">The repository.</param>
    /// <param name="scenario">The name of the scenario.</param>
    /// <param name="branch">The branch into which the pull request is to be merged.</param>
    public static async Task<Criteria> ApplyAsync(Criteria own, Workspace workspace, string scenario, string branch)
    {
        var mergeBase = await workspace.Git.MergeBaseAsync(branch) ?? throw new NotComparableException(
            $"this clone does not have the commit at which the pull request branched off from '{branch}'",
            "use actions/checkout with fetch-depth: 0");
        var (policy, baseline, former, notes) = (own.Policy, own.Baseline, default(Baseline), new List<string>());
        if (await ReadIfChangedAsync(workspace, mergeBase, PolicyFile, Policy.Parse, notes) is { } oldPolicy)
        {
            notes.Add(
                "The policy changed in this pull request; judged by the old one, and by the new one where that does not name a metric.");
            policy = oldPolicy.WithDefaultsFrom(policy);
        }

        var file = $"baselines/{scenario}.verified.json";
        if (await ReadIfChangedAsync(workspace, mergeBase, file, ParseBaseline, notes) is { } oldBaseline)
        {
            RequireReason(oldBaseline, baseline, Path.Combine(workspace.Root, file));
            notes.Add(NoteOn(scenario, oldBaseline, baseline));
            (baseline, former) = baseline?.Pin == oldBaseline.Pin ? (baseline, oldBaseline) : (oldBaseline, null);
        }

        return new Criteria(policy, baseline, notes) { Former = former };

        Baseline ParseBaseline(string text, string path) => Baseline.Parse(text, path, scenario);
    }

    private static void RequireReason(Baseline before, Baseline? now, string path)
    {
        if (now?.Pin == before.Pin && now.Reason == before.Reason && now.ChangesFrom(before).Any(change => change.Now is not null))
        {
            throw new UnreadableFileException(
                path,
                "its ratios or counts have changed and its reason has not: use 'bench accept', or write into it why they are right now.");
        }
    }

    private static string NoteOn(string scenario, Baseline before, Baseline? now)
    {
        if (now is null)
        {
            return $"The baseline of {scenario} was removed in this pull request; judged by the old one.";
        }

        if (now.Pin != before.Pin)
        {
            return $"The pin of {scenario} moved in this pull request; judged by the old pin and its ratios.";
        }

        var changes = now.ChangesFrom(before).Select(change => $"{change}").DefaultIfEmpty("no ratio and no count");
        return $"The baseline of {scenario} changed in this pull request ({now.Reason}): {string.Join(", ", changes)}";
    }

    /// <summary>
    /// Returns a file as it was in a commit; null if the file is the same now. Returns null as well if the commit did not have the file, or
    /// if this program cannot read the old file because the file format has changed; then a note in the report says so.
    /// </summary>
    private static async Task<T?> ReadIfChangedAsync<T>(
        Workspace workspace, string commit, string path, Func<string, string, T> parse, List<string> notes)
        where T : class
    {
        var file = Path.Combine(workspace.Root, path);
        var before = await workspace.Git.FileAsync(commit, path);
        var now = File.Exists(file) ? await File.ReadAllTextAsync(file) : null;
        if (before == now)
        {
            return null;
        }

        if (before is null)
        {
            notes.Add($"{path} is new in this pull request, which is therefore judged by it.");
            return null;
        }

        try
        {
            return parse(before, path);
        }
        catch (UnreadableFileException exception)
        {
            notes.Add($"Judged by {path} as it is in this pull request, because the old one cannot be read any more: {exception.Message}");
            return null;
        }
    }
}
