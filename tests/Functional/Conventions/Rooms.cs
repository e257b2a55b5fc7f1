using System.Collections.Concurrent;
using Snakepit.Tests.Functional.Conventions.Documents;

namespace Snakepit.Tests.Functional.Conventions;

/// <summary>Tests that the folders of a project use each other in one direction only.</summary>
public sealed class Rooms
{
    // The graph of each project is kept once it is built, because building it takes seconds and two tests use it.
    private static readonly ConcurrentDictionary<string, Lazy<RoomGraph>> Graphs = [];

    [Theory]
    [InlineData("src/Snakepit", 8)]
    [InlineData("src/Snakepit.Hosting", 5)]
    [InlineData("src/Snakepit.Measurement", 5)]
    [InlineData("src/Snakepit.Benchmarks", 8)]
    public void The_folders_of_a_project_form_a_directed_acyclic_graph(string project, int fewestRooms)
    {
        var graph = GraphOf(project);
        Assert.True(graph.Rooms.Count >= fewestRooms, $"{project} has only {graph.Rooms.Count} folders with sources.");
        Assert.True(graph.Rooms.Sum(room => graph.UsedBy(room).Count) >= fewestRooms, $"The folders of {project} hardly use each other.");
        var cycle = graph.FindCycle();
        Assert.True(cycle.Count == 0, $"Folders of {project} use each other in a circle:\n{string.Join("\n", cycle)}");
    }

    [Theory]
    [InlineData("src/Snakepit")]
    [InlineData("src/Snakepit.Hosting")]
    [InlineData("src/Snakepit.Measurement")]
    [InlineData("src/Snakepit.Benchmarks")]
    public void A_folder_uses_only_folders_that_the_page_on_the_architecture_lists_above_it(string project)
    {
        var table = Document.Of("docs/architecture.md").Tables.Single(table => table.Heading == project);
        var order = table.Rows.SelectMany(row => row[0].Split(", ")).Select(name => name.Trim('`')).ToList();
        var graph = GraphOf(project);
        Problems.AreNone([.. graph.Rooms.SelectMany(room => graph.UsedBy(room)
            .Where(used => PlaceOf(used) > PlaceOf(room))
            .Select(used => $"{graph.Describe(room, used)}, and docs/architecture.md lists {used} below {room}"))]);

        // Returns the row of a folder in the table. A sub-folder counts as its top-level folder. Files directly in the project's folder
        // come last.
        int PlaceOf(string room) => room.Length == 0 ? order.Count : order.IndexOf(room.Split('/')[0]);
    }

    [Theory]
    [InlineData("nameof(Upper)")]
    [InlineData("typeof(Upper).Name")]
    [InlineData("new Upper().ToString()")]
    [InlineData("\"\".Extended()")]
    public void A_use_of_an_upper_folder_in_a_lower_one_is_found(string use)
    {
        var cycle = RoomGraph.Of("MadeUp", new Dictionary<string, string>
        {
            ["Low/Lower.cs"] = $"class Lower {{ static string? Name => {use}; }}",
            ["High/Upper.cs"] = "class Upper : Lower; static class Extensions { public static string Extended(this string text) => text; }",
        }).FindCycle();
        Assert.Equal(2, cycle.Count);
        Assert.Contains(cycle, told => told.Contains("Low/Lower.cs:1 (Lower) names", StringComparison.Ordinal));
        Assert.Contains(cycle, told => told.Contains("High/Upper.cs:1 (Upper) names Lower of Low/Lower.cs", StringComparison.Ordinal));
    }

    [Fact]
    public void A_reference_in_a_documentation_comment_is_no_use()
    {
        var graph = RoomGraph.Of("MadeUp", new Dictionary<string, string>
        {
            ["Low/Lower.cs"] = "/// <summary>See <see cref=\"Upper\"/>.</summary>\nclass Lower;",
            ["High/Upper.cs"] = "class Upper : Lower;",
        });
        Assert.Equal(["Low"], graph.UsedBy("High"));
        Assert.Empty(graph.UsedBy("Low"));
        Assert.Empty(graph.FindCycle());
    }

    private static RoomGraph GraphOf(string project) =>
        Graphs.GetOrAdd(project, static name => new Lazy<RoomGraph>(() => RoomGraph.OfProject(name))).Value;
}
