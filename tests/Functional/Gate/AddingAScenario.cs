using System.Text.RegularExpressions;
using Snakepit.Benchmarks.Host;
using Snakepit.Benchmarks.Host.Slots;
using Snakepit.Benchmarks.Protocol;
using Snakepit.Benchmarks.Protocol.Slots;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>
/// Tests that the examples of <c>docs/adding-a-scenario.md</c> are the files in <c>Examples</c>, which are compiled with these tests, and
/// that they measure something.
/// </summary>
public sealed partial class AddingAScenario
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Conventions.Repository.Root, "docs", "adding-a-scenario.md"));

    [Fact]
    public void Every_example_of_the_page_is_a_file_that_compiles()
    {
        var examples = Path.Combine(Conventions.Repository.Root, "tests", "Functional", "Gate", "Examples");
        var files = Directory.GetFiles(examples, "*.cs").Select(File.ReadAllText);
        var blocks = CSharpBlocks().Matches(Page).Select(match => match.Groups["code"].Value)
            .Where(code => code.Contains("namespace", StringComparison.Ordinal));
        Assert.Equal(files.Order(StringComparer.Ordinal), blocks.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_example_of_a_scenario_measures_both_sides()
    {
        var result = await SmallSession.RunAsync(new EchoesScenario(), rounds: 1);
        Assert.All(result.Metrics, metric => Assert.True(metric.IsComparable, metric.Key));
        Assert.Equal(["echoes.10k.p50", "echoes.10k.p99"], result.Metrics.Select(metric => metric.Key));
    }

    [PythonFact]
    public async Task The_example_of_a_slot_runs_in_a_host()
    {
        var handlers = new SlotHandlers()
            .Add<StartSlot, StartReply>(StartHandlers.StartAsync)
            .Add<StatisticsSlot, StatisticsReply>(StatisticsHandler.RunAsync);
        await using var state = new HostState();
        await RunAsync(new StartSlot(Workers: 2));
        var reply = await RunAsync(new StatisticsSlot(Count: 3));
        Assert.Equal(2, reply.Workers);
        Assert.InRange(reply.MedianUs, 0, 1e6);

        async Task<TReply> RunAsync<TReply>(Slot<TReply> slot)
            where TReply : Reply, new()
        {
            var line = await handlers.RunAsync(state, SlotRequest.Read(SlotRequest.Line(1, slot)));
            Assert.Null(line.Error);
            return Reply.Read<TReply>(line);
        }
    }

    [Fact]
    public void Every_file_that_is_named_on_the_page_about_adding_a_scenario_exists()
    {
        var paths = Paths().Matches(Page).Select(match => match.Value).ToHashSet();
        Assert.NotEmpty(paths);
        Assert.All(paths, path => Assert.True(Path.Exists(Path.Combine(Conventions.Repository.Root, path)), path));
    }

    [GeneratedRegex(@"^```csharp\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CSharpBlocks();

    [GeneratedRegex(@"(?<=`)(src|tests|baselines)/[\w./]+(?=`)")]
    private static partial Regex Paths();
}
