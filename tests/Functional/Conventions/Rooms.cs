namespace Snakepit.Tests.Functional.Conventions;

/// <summary>The folders of a project depend on each other in one direction.</summary>
public sealed class Rooms
{
    [Theory]
    [InlineData("src/Snakepit", 8)]
    [InlineData("src/Snakepit.Measurement", 5)]
    [InlineData("src/Snakepit.Benchmarks", 8)]
    public void The_folders_of_a_project_form_a_directed_acyclic_graph(string project, int fewestRooms)
    {
        var graph = RoomGraph.OfProject(project);
        Assert.True(graph.Rooms.Count >= fewestRooms, $"{project} has only {graph.Rooms.Count} folders with sources.");
        Assert.True(graph.Rooms.Sum(room => graph.UsedBy(room).Count) >= fewestRooms, $"The folders of {project} hardly use each other.");
        var cycle = graph.FindCycle();
        Assert.True(cycle.Count == 0, $"Folders of {project} use each other in a circle:\n{string.Join("\n", cycle)}");
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
}
