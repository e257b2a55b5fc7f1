using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Files;
using Snakepit.Measurement.Runs;
using Snakepit.Measurement.Samples;

namespace Snakepit.Tests.Functional.Measurement;

/// <summary>Tests that a stored run is read back completely, and that the history file gives the figures of earlier versions.</summary>
public sealed class StoredRuns : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("snakepit-files-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_run_is_the_same_after_it_was_written_and_read()
    {
        var session = Synthetic.Session(
            Synthetic.Metric("time", 0.1), Synthetic.Metric("rate", 0.1, worse: Worse.Lower), Synthetic.Count("count", 17)) with
        {
            Warnings = ["round 3 was dropped"],
            Confirmation = Synthetic.Session(Synthetic.Metric("time", 0.2, rounds: 40)),
        };
        var run = Synthetic.Run("20260101T000000Z", session, Synthetic.Session() with { Scenario = "Alone", Pin = null });
        var path = new RunStore(_directory).Save(run);
        var read = RunStore.Load(path);
        Assert.Equal(
            (run.Id, run.Commit, run.Dirty, run.Machine.Key, run.LoadBefore, run.LoadAfter),
            (read.Id, read.Commit, read.Dirty, read.Machine.Key, read.LoadBefore, read.LoadAfter));
        Assert.Equal((null, 7, Synthetic.Pin), (read.Scenarios[1].Pin, read.Scenarios[0].Seed, read.Scenarios[0].Pin));
        Assert.Equal(session["time"].Candidate.AsEnumerable(), read.Scenarios[0]["time"].Candidate.AsEnumerable());
        Assert.Equal(session["rate"].Pin.AsEnumerable(), read.Scenarios[0]["rate"].Pin.AsEnumerable());
        Assert.Equal(Worse.Lower, read.Scenarios[0]["rate"].Worse);
        Assert.Equal(40, read.Scenarios[0].Confirmation!.Rounds);
        var again = Path.Combine(_directory, "again.json");
        RunStore.SaveAs(read, again);
        Assert.Equal(File.ReadAllText(path), File.ReadAllText(again));
    }

    [Fact]
    public void Runs_are_listed_newest_first()
    {
        var store = new RunStore(_directory);
        var first = store.Save(Synthetic.Run("20260101T000000Z"));
        var second = store.Save(Synthetic.Run("20260102T000000Z"));
        Assert.Equal([second, first], store.List());
    }

    [Fact]
    public void The_newest_run_is_the_one_whose_name_says_so_also_after_its_files_were_copied()
    {
        var store = new RunStore(_directory);
        var old = store.Save(Synthetic.Run("20260101T000000Z"));
        var newest = store.Save(Synthetic.Run("20260102T000000Z"));
        File.SetLastWriteTimeUtc(newest, DateTime.UnixEpoch);
        Directory.SetLastWriteTimeUtc(store.DirectoryOf("20260102T000000Z"), DateTime.UnixEpoch);
        foreach (var name in new[] { "20260102T000000Z.old", "copy of 20260102T000000Z", "a" })
        {
            store.Save(Synthetic.Run(name));
        }

        Assert.Equal([newest, old], store.List());
        store.Prune(0, current: "20260102T000000Z");
        Assert.Equal([newest], store.List());
    }

    [Fact]
    public void Only_the_newest_runs_are_kept_and_nothing_else_is_deleted()
    {
        var store = new RunStore(_directory);
        foreach (var day in Enumerable.Range(1, 5))
        {
            store.Save(Synthetic.Run($"2026010{day}T000000Z"));
        }

        var other = Directory.CreateDirectory(Path.Combine(_directory, "validation")).FullName;
        store.Prune(2, current: "20260105T000000Z");
        Assert.Equal(
            ["20260105T000000Z", "20260104T000000Z", "20260103T000000Z"],
            store.List().Select(path => Path.GetFileName(Path.GetDirectoryName(path))).OrderDescending());
        Assert.True(Directory.Exists(other));
    }

    [Fact]
    public void A_run_is_kept_although_the_clock_was_ahead_when_others_were_named()
    {
        var store = new RunStore(_directory);
        foreach (var day in Enumerable.Range(1, 3))
        {
            store.Save(Synthetic.Run($"2099010{day}T000000Z"));
        }

        var run = store.Save(Synthetic.Run("20260101T000000Z"));
        store.Prune(2, current: "20260101T000000Z");
        string[] kept = ["20260101T000000Z", "20990103T000000Z", "20990102T000000Z"]; // the newest of those that can be true comes first
        Assert.Equal(kept.Select(store.DirectoryOf), store.List().Select(path => Path.GetDirectoryName(path)!));
        Assert.Contains(run, store.List());
    }

    [Fact]
    public void A_value_that_is_not_a_number_is_kept_and_read_again()
    {
        var session = Synthetic.Session(Synthetic.Metric("info", 0) with { Candidate = [1, double.NaN, double.PositiveInfinity] });
        var path = new RunStore(_directory).Save(Synthetic.Run("20260101T000000Z", session));
        Assert.Equal([1, double.NaN, double.PositiveInfinity], RunStore.Load(path).Scenarios[0]["info"].Candidate.AsEnumerable());
    }

    [Fact]
    public void A_file_that_names_a_scenario_or_a_metric_twice_is_refused()
    {
        var session = Synthetic.Session(Synthetic.Metric("time", 0), Synthetic.Metric("time", 0.5));
        var confirmed = Synthetic.Session(Synthetic.Metric("time", 0)) with { Confirmation = session };
        var sound = Synthetic.Session(Synthetic.Metric("time", 0));
        Assert.Contains("it names time twice", Refused(session), StringComparison.Ordinal);
        Assert.Contains("it names time twice", Refused(confirmed), StringComparison.Ordinal);
        Assert.Contains("it names Startup twice", Refused(sound, sound), StringComparison.Ordinal);

        string Refused(params ScenarioResult[] sessions)
        {
            var path = new RunStore(_directory).Save(Synthetic.Run("20260101T000000Z", sessions));
            return Assert.Throws<UnreadableFileException>(() => RunStore.Load(path)).Message;
        }
    }

    [Fact]
    public void A_folder_is_called_a_folder() => Assert.Contains(
        $"{_directory}: it is a folder",
        Assert.Throws<UnreadableFileException>(() => RunStore.Load(_directory)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void The_history_lists_the_figures_of_a_metric_by_version()
    {
        var path = Path.Combine(_directory, "history.json");
        File.WriteAllText(
            path,
            """
            { "schema": 1, "entries": [
              { "name": "old", "source": "s", "values": { "time": 3 } },
              { "name": "new", "source": "s", "values": { "rate": 4, "time": 5 } } ] }
            """);
        Assert.Equal([("old", 3), ("new", 5)], History.Load(path).Of("time"));
        Assert.Empty(History.Load(path).Of("none"));
    }

    [Fact]
    public void The_key_of_a_machine_profile_is_one_word() =>
        Assert.Equal("test-cpu-r-3ghz-2c-dotnet10.0-grpcio1.51-python3.11", Synthetic.Machine.Key);
}
