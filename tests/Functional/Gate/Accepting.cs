using Snakepit.Benchmarks.Commands;
using Snakepit.Benchmarks.Repository;
using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Files;
using Snakepit.Measurement.Samples;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Gate;

/// <summary><c>bench accept</c>: what was received becomes what is verified, with a reason, and only if it can be trusted.</summary>
public sealed class Accepting : IDisposable
{
    private const string Metric = "startup.16.cold";

    private static readonly string Pin = new('a', 40);

    private readonly string _root = Directory.CreateTempSubdirectory("snakepit-accept-").FullName;
    private readonly Workspace _workspace;

    public Accepting()
    {
        _workspace = new Workspace(_root, pullRequestTo: null);
        Directory.CreateDirectory(_workspace.BaselineDirectory);
        File.Copy(Path.Combine(Workspace.Current.BaselineDirectory, "policy.json"), Path.Combine(_workspace.BaselineDirectory, "policy.json"));
        File.WriteAllText(Verified, Text(new AcceptedRatio("ms", Worse.Higher, 1, [0.98, 1.02], 40, 1), "as it was"));
    }

    private string Verified => _workspace.BaselineSnapshot("Startup").VerifiedPath;

    private string Received => _workspace.BaselineSnapshot("Startup").ReceivedPath;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData(24, 2)]
    [InlineData(40, 1)]
    public void Two_sessions_or_as_many_rounds_as_the_last_look_are_accepted_with_the_reason(int rounds, int sessions)
    {
        File.WriteAllText(Received, Text(new AcceptedRatio("ms", Worse.Higher, 1.3, [1.25, 1.35], rounds, sessions), ""));
        Assert.Equal(ExitCode.Pass, AcceptCommand.Accept(_workspace, ["Startup"], "more is imported"));
        var accepted = Baseline.Load(Verified, "Startup");
        Assert.Equal(("more is imported", 1.3), (accepted.Reason, accepted.Metrics[Metric].Ratio));
        Assert.False(File.Exists(Received));
    }

    [Theory]
    [InlineData(1.3, 1.25, 1.35, 12, 1)] // too short
    [InlineData(1.3, 1.0, 1.7, 40, 1)] // inconclusive
    public void What_is_too_short_or_inconclusive_is_refused_and_changes_nothing(double ratio, double lower, double upper, int rounds, int sessions)
    {
        var before = File.ReadAllText(Verified);
        File.WriteAllText(Received, Text(new AcceptedRatio("ms", Worse.Higher, ratio, [lower, upper], rounds, sessions), ""));
        Assert.Equal(ExitCode.MachineUnfit, AcceptCommand.Accept(_workspace, [], "because"));
        Assert.Equal(before, File.ReadAllText(Verified));
        Assert.True(File.Exists(Received));
    }

    [Fact]
    public void What_was_measured_against_another_pin_is_refused()
    {
        File.WriteAllText(Received, Text(new AcceptedRatio("ms", Worse.Higher, 1.3, [1.25, 1.35], 40, 1), "").Replace(Pin, new string('b', 40), StringComparison.Ordinal));
        Assert.Equal(ExitCode.MachineUnfit, AcceptCommand.Accept(_workspace, ["Startup"], "because"));
    }

    [Fact]
    public void A_name_without_anything_to_accept_is_an_error_and_no_name_is_not()
    {
        Assert.Equal(ExitCode.Broken, AcceptCommand.Accept(_workspace, ["Startup"], "because"));
        Assert.Equal(ExitCode.Pass, AcceptCommand.Accept(_workspace, [], "because"));
    }

    [Fact]
    public void A_received_file_that_is_damaged_is_told_and_changes_nothing()
    {
        var before = File.ReadAllText(Verified);
        File.WriteAllText(Received, "{ \"schema\": 2,");
        Assert.Contains(Received, Assert.Throws<UnreadableFileException>(() => AcceptCommand.Accept(_workspace, [], "because")).Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(Verified));
    }

    [Fact]
    public void A_full_disk_is_told_and_leaves_both_files_as_they_were()
    {
        File.WriteAllText(Received, Text(new AcceptedRatio("ms", Worse.Higher, 1.3, [1.25, 1.35], 40, 1), ""));
        var before = (File.ReadAllText(Verified), File.ReadAllText(Received));
        FullDisk.Before(Verified);
        Assert.Contains("No space left", Assert.Throws<IOException>(() => AcceptCommand.Accept(_workspace, [], "because")).Message, StringComparison.Ordinal);
        Assert.Equal(before, (File.ReadAllText(Verified), File.ReadAllText(Received)));
    }

    private static string Text(AcceptedRatio ratio, string reason)
    {
        var baseline = Baseline.Empty("Startup", Pin);
        return (baseline with { Reason = reason, Metrics = baseline.Metrics.Add(Metric, ratio) }).ToText();
    }
}
