using System.Text.Json.Nodes;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Benchmarks.Validation;
using Snakepit.Benchmarks.Validation.Trials;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>
/// Tests which changes of files make the validation of a scenario start again. A validation proves that the performance gate finds injected
/// faults. Each scenario has a key, a hash of the files that can influence its validation, and a validation with another key does not
/// count.
/// </summary>
public sealed class ValidationKeys : IDisposable
{
    private const string Project = "src/Snakepit.Benchmarks";

    // A small tree of files that has the folders of the real one, with two scenarios, two slots, and a fault for each scenario.
    private static readonly Dictionary<string, string> Tree = new()
    {
        [$"{Project}/Rounds/Round.cs"] = "class Round { Fault Fault; }",
        [$"{Project}/Host/HostLoop.cs"] = "class HostLoop { SlotHandlers Handlers; HostState State; }",
        [$"{Project}/Host/SlotHandlers.cs"] = "class SlotHandlers { StartHandlers Start; LoadHandlers Load; }",
        [$"{Project}/Host/Slots/HostState.cs"] = "class HostState { InjectedFault Fault; Peer Peer; }",
        [$"{Project}/Host/Slots/StartHandlers.cs"] = "class StartHandlers { void Run(StartSlot slot, HostState state) { } }",
        [$"{Project}/Host/Slots/LoadHandlers.cs"] = "class LoadHandlers { void Run(OpenLoopSlot slot) => new Meter(); }",
        [$"{Project}/Host/Meters/Meter.cs"] = "class Meter;",
        [$"{Project}/Scenarios/Extensions.cs"] = "static class Extensions { static int Twice<T>(this T number) => 2; }",
        [$"{Project}/Host/Peers/Peer.cs"] = "class Peer;",
        [$"{Project}/Host/Faults/AllFaults.cs"] = "class AllFaults { SlowPreparation One; SlowTail Other; }",
        [$"{Project}/Host/Faults/InjectedFault.cs"] = "class InjectedFault;",
        [$"{Project}/Host/Faults/SlowPreparation.cs"] = "class SlowPreparation() : InjectedFault(\"slow_preparation:SlowPreparation\");",
        [$"{Project}/Host/Faults/SlowTail.cs"] = "class SlowTail() : InjectedFault(\"slow_tail:SlowTail\");",
        [$"{Project}/Host/adapters/slow_preparation.py"] = "from busy_wait import spin",
        [$"{Project}/Host/adapters/slow_tail.py"] = "import time",
        [$"{Project}/Host/adapters/busy_wait.py"] = "def spin(): ...",
        [$"{Project}/Protocol/Slots/Fault.cs"] = "record Fault(string Kind) : Slot<EmptyReply>;",
        [$"{Project}/Protocol/Slots/StartSlot.cs"] = "record StartSlot(int Workers = 1) : Slot<StartReply>;",
        [$"{Project}/Protocol/Slots/OpenLoopSlot.cs"] = "record OpenLoopSlot : Slot<LoopReply>;",
        [$"{Project}/Protocol/Slots/LoopReply.cs"] = "record LoopReply : Reply;",
        [$"{Project}/Scenarios/AllScenarios.cs"] = "class AllScenarios { StartupScenario One; LatencyScenario Other; }",
        [$"{Project}/Scenarios/StartupScenario.cs"] = "class StartupScenario { StartSlot Start; int Number = 1.Twice(); }",
        [$"{Project}/Scenarios/LatencyScenario.cs"] =
            "class LatencyScenario { OpenLoopSlot Loop; StartSlot Start; }\n    private class Fault;",
        [$"{Project}/Validation/Trials/AllTrials.cs"] = "class AllTrials { StartupTrials One; LatencyTrials Other; }",
        [$"{Project}/Validation/Trials/StartupTrials.cs"] = "class StartupTrials { string Fault = nameof(SlowPreparation); }",
        [$"{Project}/Validation/Trials/LatencyTrials.cs"] = "class LatencyTrials { string Fault = nameof(SlowTail); }",
        [$"{Project}/Validation/Expectations.cs"] = "class Expectations;",
        ["src/Snakepit.Measurement/Statistics/Estimate.cs"] = "class Estimate;",
        ["src/Snakepit.Measurement/Reports/ReportRow.cs"] = "class ReportRow;",
        ["baselines/Startup.verified.json"] = "{}",
        ["baselines/Latency.verified.json"] = "{}",
        ["baselines/policy.json"] = File.ReadAllText(Path.Combine(Workspace.Current.BaselineDirectory, "policy.json")),
    };

    private readonly string _root = Directory.CreateTempSubdirectory("snakepit-keys-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("src/Snakepit.Measurement/Statistics/Estimate.cs")]
    [InlineData($"{Project}/Rounds/Round.cs")]
    [InlineData($"{Project}/Snakepit.Benchmarks.csproj")]
    [InlineData($"{Project}/Gate/Another.cs")]
    [InlineData($"{Project}/Host/HostLoop.cs")]
    [InlineData($"{Project}/Host/Slots/HostState.cs")]
    [InlineData($"{Project}/Host/Faults/InjectedFault.cs")] // HostState uses this class
    [InlineData($"{Project}/Protocol/Slots/Fault.cs")] // Round uses this slot
    [InlineData($"{Project}/Protocol/Slots/StartSlot.cs")] // both scenarios run this slot
    [InlineData($"{Project}/Host/Slots/StartHandlers.cs")]
    [InlineData($"{Project}/Validation/ScenarioTrials.cs")]
    public Task What_all_scenarios_share_begins_all_of_them_anew(string path) => AssertChangedAsync(path, "Startup", "Latency");

    [Theory]
    [InlineData("Startup", "baselines/Startup.verified.json")]
    [InlineData("Startup", $"{Project}/Scenarios/StartupScenario.cs")]
    [InlineData("Startup", $"{Project}/Scenarios/Extensions.cs")]
    [InlineData("Startup", $"{Project}/Validation/Trials/StartupTrials.cs")]
    [InlineData("Startup", $"{Project}/Host/Faults/SlowPreparation.cs")]
    [InlineData("Startup", $"{Project}/Host/adapters/slow_preparation.py")]
    [InlineData("Startup", $"{Project}/Host/adapters/busy_wait.py")]
    [InlineData("Latency", $"{Project}/Scenarios/LatencyScenario.cs")]
    [InlineData("Latency", $"{Project}/Protocol/Slots/OpenLoopSlot.cs")]
    [InlineData("Latency", $"{Project}/Protocol/Slots/LoopReply.cs")]
    [InlineData("Latency", $"{Project}/Host/Slots/LoadHandlers.cs")]
    [InlineData("Latency", $"{Project}/Host/Meters/Meter.cs")]
    [InlineData("Latency", $"{Project}/Host/Faults/SlowTail.cs")]
    public Task What_is_a_scenarios_own_begins_it_anew_and_no_other(string scenario, string path) => AssertChangedAsync(path, scenario);

    [Theory]
    [InlineData($"{Project}/Scenarios/NewScenario.cs")]
    [InlineData($"{Project}/Validation/Trials/NewTrials.cs")]
    [InlineData($"{Project}/Protocol/Slots/NewSlot.cs")]
    [InlineData($"{Project}/Host/Slots/NewHandlers.cs")]
    [InlineData($"{Project}/Host/Faults/NewFault.cs")]
    [InlineData($"{Project}/Host/adapters/new_fault.py")]
    [InlineData($"{Project}/Scenarios/AllScenarios.cs")]
    [InlineData($"{Project}/Validation/Trials/AllTrials.cs")]
    [InlineData($"{Project}/Host/SlotHandlers.cs")]
    [InlineData($"{Project}/Host/Faults/AllFaults.cs")]
    [InlineData("baselines/New.verified.json")]
    public Task A_new_scenario_begins_no_other_anew(string path) => AssertChangedAsync(path);

    [Theory]
    [InlineData($"{Project}/Validation/Expectations.cs")] // this class only judges sessions that have ended
    [InlineData("src/Snakepit.Measurement/Reports/ReportRow.cs")]
    [InlineData($"{Project}/Commands/RunCommand.cs")]
    [InlineData($"{Project}/Studies/PeersStudy.cs")]
    [InlineData($"{Project}/Host/Peers/Peer.cs")]
    [InlineData($"{Project}/Gate/Gate.md")]
    [InlineData("src/Snakepit/Pool.cs")] // the library, which is the same on both sides in a validation
    [InlineData("priv/python/worker.py")]
    [InlineData("tests/Functional/Gate/Validations.cs")]
    [InlineData("baselines/validation.json")]
    [InlineData("baselines/history.json")]
    public Task What_changes_no_session_begins_none_anew(string path) => AssertChangedAsync(path);

    [Theory]
    [InlineData($"{Project}/Rounds/Round.cs", "\n// A better comment.\n")]
    [InlineData($"{Project}/Scenarios/StartupScenario.cs", "\n\n    /// <summary>A better summary.</summary>\n")]
    [InlineData($"{Project}/Host/adapters/busy_wait.py", "\n    # a better comment\n")]
    public async Task A_comment_makes_no_validation_start_again(string path, string comment)
    {
        var before = await CommitAsync();
        await TestRepository.CommitAsync(_root, path, Tree[path] + comment);
        Assert.Empty(Changed(before, await KeysAsync()));
        await TestRepository.CommitAsync(_root, path, Tree[path] + comment + "code");
        Assert.NotEmpty(Changed(before, await KeysAsync()));
    }

    [Fact]
    public async Task What_the_policy_asks_begins_the_scenarios_anew_whose_metrics_it_concerns()
    {
        var before = await CommitAsync();
        await AssertPolicyAsync(policy => policy["metrics"]!["startup.16.warm"]!["nice"] = 140, "Startup");
        await AssertPolicyAsync(policy => policy["metrics"]!["latency.max"] = new JsonObject { ["nice"] = 50 }, "Latency");
        await AssertPolicyAsync(policy => policy["metrics"]!["scaling.10.rate"] = new JsonObject());
        await AssertPolicyAsync(policy => policy["rules"]!["unused"] = policy["rules"]!["time"]!.DeepClone());
        await AssertPolicyAsync(policy => policy["rules"]!["time"]!["tau"] = 0.021, "Startup", "Latency");
        await AssertPolicyAsync(policy => policy["looks"]!["level"] = 0.004, "Startup", "Latency");

        async Task AssertPolicyAsync(Action<JsonNode> change, params string[] scenarios)
        {
            var policy = JsonNode.Parse(Tree["baselines/policy.json"])!;
            change(policy);
            await TestRepository.CommitAsync(_root, "baselines/policy.json", policy.ToJsonString());
            Assert.Equal(scenarios, Changed(before, await KeysAsync()));
        }
    }

    [Fact]
    public async Task What_is_not_committed_is_noticed_even_where_no_key_changes()
    {
        var git = new Git(_root);
        string[] paths =
        [
            $"{Project}/Validation/Expectations.cs", $"{Project}/Studies/PeersStudy.cs", "src/Snakepit/Pool.cs",
            "baselines/policy.json", "baselines/Startup.verified.json",
        ];
        foreach (var path in paths)
        {
            var commit = await TestRepository.CommitAsync(_root, path, "committed");
            Assert.True(await git.HasSourcesOfAsync(commit, IdenticalSides.Sources), path);
            await File.WriteAllTextAsync(Path.Combine(_root, path), "changed");
            Assert.False(await git.HasSourcesOfAsync(commit, IdenticalSides.Sources), path);
        }
    }

    [Fact]
    public void In_the_real_tree_every_scenario_has_its_file_trials_and_faults_and_none_of_anothers()
    {
        var sources = new ScenarioSources(Workspace.Current.Root);
        foreach (var one in AllTrials.All)
        {
            var own = sources.OwnOf(one.Name);
            Assert.Contains($"{Project}/Scenarios/{one.Name}Scenario.cs", own);
            Assert.Contains($"{Project}/Validation/Trials/{one.Name}Trials.cs", own);
            Assert.Contains($"baselines/{one.Name}.verified.json", own);
            Assert.All(
                one.Trials.Where(trial => trial.Fault is not null),
                trial => Assert.Contains($"{Project}/Host/Faults/{trial.Fault}.cs", own));
            Assert.DoesNotContain(own, path => AllTrials.All.Any(other =>
                other != one && Path.GetFileName(path).StartsWith(other.Name, StringComparison.Ordinal)));
            Assert.Empty(own.Intersect(sources.Shared));
            Assert.All(own, path => Assert.True(File.Exists(Path.Combine(Workspace.Current.Root, path)), path));
        }
    }

    [Fact]
    public void In_the_real_tree_slots_belong_to_the_scenarios_that_run_them()
    {
        var sources = new ScenarioSources(Workspace.Current.Root);
        Assert.Equal(["Streams"], OwnersOf("Host/Slots/StreamHandlers.cs"));
        Assert.Equal(["Payloads"], OwnersOf("Host/Slots/TransferHandlers.cs"));
        Assert.Equal(["Streams", "Sessions", "HostCalls", "Memory", "CleanUp", "Errors"], OwnersOf("Host/Slots/StartToolsHandler.cs"));
        Assert.Equal(["Recovery"], OwnersOf("Host/Slots/RecoveryHandler.cs"));
        Assert.Empty(OwnersOf("Host/Slots/PeerHandlers.cs")); // only studies use these slots
        string[] shared =
        [
            "Rounds/Session.cs", "Gate/SessionRunner.cs", "Arms/Arm.cs", "Host/HostLoop.cs", "Host/Slots/HostState.cs",
            "Host/Slots/StartHandlers.cs", "Protocol/HostProtocol.cs", "Protocol/Slots/Fault.cs", "Validation/ValidationLoop.cs",
        ];
        Assert.All(shared, file => Assert.Contains($"{Project}/{file}", sources.Shared));

        IEnumerable<string> OwnersOf(string file) =>
            AllTrials.All.Select(one => one.Name).Where(scenario => sources.OwnOf(scenario).Contains($"{Project}/{file}"));
    }

    private static string[] Changed(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after) =>
        [.. before.Keys.Where(scenario => before[scenario] != after[scenario])];

    private async Task AssertChangedAsync(string path, params string[] scenarios)
    {
        var before = await CommitAsync();
        await TestRepository.CommitAsync(_root, path, Tree.GetValueOrDefault(path, "class New;") + "\nchanged");
        Assert.Equal(scenarios, Changed(before, await KeysAsync()));
    }

    /// <summary>Commits the small tree, and returns the key of each scenario.</summary>
    private async Task<IReadOnlyDictionary<string, string>> CommitAsync()
    {
        foreach (var (path, content) in Tree)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_root, path))!);
            await File.WriteAllTextAsync(Path.Combine(_root, path), content);
        }

        await TestRepository.CommitAsync(_root, "first", "");
        return await KeysAsync();
    }

    private async Task<IReadOnlyDictionary<string, string>> KeysAsync()
    {
        var workspace = new Workspace(_root, pullRequestTo: null);
        Scenario[] scenarios = [new StartupScenario(), new LatencyScenario()];
        return await ScenarioKeys.OfAsync(workspace, await workspace.Git.RequireAsync("HEAD"), scenarios);
    }
}
