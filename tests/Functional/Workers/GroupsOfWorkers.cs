using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>Tests the control groups of workers (<see cref="WorkerLimitOptions.Cgroup"/>), in a real hierarchy of cgroup v2.</summary>
public sealed class GroupsOfWorkers : IDisposable
{
    private const string Setting = "cgroup.max.descendants"; // exists in every group, whatever controllers there are

    private readonly string? _parent = Delegated();

    public void Dispose()
    {
        if (_parent is not null)
        {
            Directory.Delete(_parent);
        }
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task Each_worker_has_a_group_with_its_settings_which_its_programs_share_and_which_ends_with_it(WorkerStart start)
    {
        var parent = Parent();
        var trace = new ProcessTrace();
        await using (var pool = await SnakepitPool.StartAsync(trace.Tag(Options(start, parent))).InTime())
        {
            foreach (var worker in pool.GetStatistics().Workers)
            {
                Assert.Equal("3", (await File.ReadAllTextAsync(Path.Combine(GroupOf(worker.ProcessId), Setting))).Trim());
                Assert.Contains(GroupNameOf(worker.ProcessId), await File.ReadAllTextAsync($"/proc/{worker.ProcessId}/cgroup"));
            }

            Assert.Contains(GroupNameOf(), await pool.ExecuteAsync<string>("group_of_program").InTime());
            Assert.Equal(2, Directory.GetDirectories(parent).Length);
            Assert.DoesNotContain(GroupNameOf(), await File.ReadAllTextAsync($"/proc/{Environment.ProcessId}/cgroup"));

            var lost = pool.GetStatistics().Workers[0].ProcessId;
            OsProcess.Kill(lost);
            await Eventually.True(() => !Directory.Exists(GroupOf(lost)), "the group of the killed worker is removed");
            await Eventually.True(
                () => pool.GetStatistics().Workers is { Length: 2 } workers && workers.All(one => Directory.Exists(GroupOf(one.ProcessId))),
                "its successor has a group");
        }

        trace.AssertNothingIsLeft();
        Assert.Empty(Directory.GetDirectories(parent));

        string GroupOf(int process) => Path.Combine(parent, $"snakepit-{process}");

        string GroupNameOf(int? process = null) => $"{Path.GetFileName(parent)}/snakepit-{process}";
    }

    [PythonFact]
    public async Task Groups_that_a_killed_program_has_left_are_removed_at_the_next_start_and_those_of_others_stay()
    {
        var parent = Parent();
        var (left, foreign) = (Path.Combine(parent, "snakepit-1"), Path.Combine(parent, "other"));
        Directory.CreateDirectory(left);
        Directory.CreateDirectory(foreign);
        await using (await SnakepitPool.StartAsync(Options(WorkerStart.Fork, parent)).InTime())
        {
            Assert.False(Directory.Exists(left));
        }

        Assert.Equal([foreign], Directory.GetDirectories(parent));
        Directory.Delete(foreign);
    }

    [PythonTheory]
    [InlineData("memory.nonsense", "1G", "/memory.nonsense: No such file or directory. The group must exist, and the controllers")]
    [InlineData(Setting, "many", "/cgroup.max.descendants (to write many): Invalid argument. See the kernel's documentation")]
    public async Task A_setting_that_the_kernel_refuses_fails_the_start_with_the_file(string name, string value, string reason)
    {
        var parent = Parent();
        var trace = new ProcessTrace();
        var options = trace.Tag(Options(WorkerStart.Fork, parent));
        var refused = await Assert.ThrowsAsync<SystemLimitException>(() => SnakepitPool.StartAsync(options with
        {
            Limits = options.Limits with { CgroupSettings = new Dictionary<string, string> { [name] = value } },
        }).InTime());
        Assert.Contains($"SnakepitOptions.Limits.Cgroup: {parent}/snakepit-", refused.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        trace.AssertNothingIsLeft();
        Assert.Empty(Directory.GetDirectories(parent));
    }

    [PythonFact]
    public async Task A_group_that_does_not_exist_fails_the_start_with_its_path()
    {
        var refused = await Assert.ThrowsAsync<SystemLimitException>(
            () => SnakepitPool.StartAsync(Options(WorkerStart.Fork, "/proc/no such group")).InTime());
        Assert.Contains("SnakepitOptions.Limits.Cgroup: /proc/no such group", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_that_name_no_file_of_a_group_are_refused_before_the_start()
    {
        WorkerLimitOptions[] wrong =
        [
            new() { Cgroup = "groups" },
            new() { CgroupSettings = new Dictionary<string, string> { ["memory.max"] = "1G" } },
            new() { Cgroup = "/a", CgroupSettings = new Dictionary<string, string> { ["../memory.max"] = "1G" } },
            new() { Cgroup = "/a", CgroupSettings = new Dictionary<string, string> { ["memory.max"] = "" } },
        ];
        Assert.All(wrong, limits =>
        {
            var fault = Assert.Single(new SnakepitOptions { Adapter = "a", Limits = limits }.FindFaults());
            Assert.StartsWith("Limits.Cgroup", fault.Option, StringComparison.Ordinal);
        });
    }

    private static SnakepitOptions Options(WorkerStart start, string parent) => Probe.Options with
    {
        Adapter = "limited_tools",
        WorkerStart = start,
        Limits = new WorkerLimitOptions
        {
            Cgroup = parent,
            CgroupSettings = new Dictionary<string, string> { [Setting] = "3" },
        },
    };

    /// <summary>Makes a group in which this process may make others; null if it may not.</summary>
    private static string? Delegated()
    {
        var mount = File.ReadLines("/proc/mounts").Select(line => line.Split(' ')).FirstOrDefault(fields => fields[2] == "cgroup2")?[1];
        try
        {
            return mount is null ? null : Directory.CreateDirectory(Path.Combine(mount, $"snakepit-test-{Guid.NewGuid():N}")).FullName;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private string Parent()
    {
        Skip.If(_parent is null, "no hierarchy of cgroup v2 is mounted that this process may write to");
        return _parent!;
    }
}
