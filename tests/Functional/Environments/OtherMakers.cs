using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Environments;

/// <summary>Tests several programs that need the same environment, one of which may be killed while it makes it.</summary>
public sealed class OtherMakers
{
    [PythonFact]
    public async Task Two_programs_that_start_at_once_make_one_environment()
    {
        using var shop = await Workshop.OpenAsync("slow\n");
        await shop.AddSlowSourceAsync();
        using var one = Start(shop, "one");
        using var two = Start(shop, "two");
        await shop.BuildingAsync();
        await File.WriteAllTextAsync(shop.At("build/go"), "");
        await AssertEndedAsync(one);
        await AssertEndedAsync(two);
        Assert.Single(shop.Cached);
        Assert.Single(await File.ReadAllLinesAsync(shop.At("build/builds")));
        var interpreters = new[] { "one.0", "two.0" }.Select(name => File.ReadAllText(shop.At(name)).Trim()).Distinct();
        Assert.StartsWith(shop.Cache, Assert.Single(interpreters), StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task What_a_killed_program_has_left_half_made_is_replaced_and_its_pip_has_ended_with_it()
    {
        using var shop = await Workshop.OpenAsync("slow\n");
        await shop.AddSlowSourceAsync();
        var trace = new ProcessTrace();
        using (var killed = Start(shop, "killed", trace))
        {
            await shop.BuildingAsync();
            await killed.KillAsync();
        }

        await trace.WaitUntilNothingIsLeft();
        Assert.Equal(2, shop.Cached.Length); // half an environment, and its lock
        await File.WriteAllTextAsync(shop.At("build/go"), "");

        using var next = Start(shop, "next");
        await AssertEndedAsync(next);
        Assert.Single(shop.Cached);
        Assert.StartsWith(shop.Cache, await File.ReadAllTextAsync(shop.At("next.0")), StringComparison.Ordinal);
    }

    private static HostProcess Start(Workshop shop, string name, ProcessTrace? trace = null) =>
        HostProcess.Start(WorkerStart.Fork, "write_interpreter", shop.At(name), environment =>
        {
            environment[ProbeHost.EnvironmentVariable] = shop.Requirements;
            environment["TEST_BUILD"] = shop.At("build");
            environment["SNAKEPIT_PYTHON"] = shop.Python;
            trace?.Tag(environment);
        });

    private static async Task AssertEndedAsync(HostProcess program)
    {
        var (exitCode, errors) = await program.WaitForExitAsync(Workshop.Patience);
        Assert.True(exitCode == 0, errors);
    }
}
