using System.Text.Json;
using Snakepit.Measurement.Profiles;

namespace Snakepit.Tests.Functional.Profiling;

/// <summary>Tests the files that other programs read profiles from.</summary>
public sealed class ProfileFiles
{
    private static readonly Frame Run = new("Pool.Run", "Snakepit", IsOwn: true);
    private static readonly Frame Sort = new("Sort<int; long>", "System.Linq", IsOwn: false);

    private static readonly Profile[] Profiles =
    [
        new([new([Run, Sort], 1_000), new([Run], 400)], Work: 10), new([new([Run, Sort], 500)], Work: 10),
    ];

    [Fact]
    public void Collapsed_stacks_have_a_line_for_each_stack_with_its_cost()
    {
        var writer = new StringWriter { NewLine = "\n" };
        CollapsedStacks.Write(Profiles, scale: 1, writer);
        Assert.Equal("Snakepit!Pool.Run 400\nSnakepit!Pool.Run;System.Linq!Sort<int,_long> 1500\n", writer.ToString());
    }

    [Fact]
    public void A_file_for_speedscope_has_the_functions_once_and_each_side_as_a_profile()
    {
        using var stream = new MemoryStream();
        SpeedscopeFile.Write("Throughput", [("candidate", Profiles), ("pin", [Profiles[1]])], stream);
        var file = JsonDocument.Parse(stream.ToArray()).RootElement;
        Assert.Equal("https://www.speedscope.app/file-format-schema.json", file.GetProperty("$schema").GetString());
        Assert.Equal(
            ["Pool.Run", "Sort<int; long>"],
            file.GetProperty("shared").GetProperty("frames").EnumerateArray().Select(frame => frame.GetProperty("name").GetString()));
        var candidate = file.GetProperty("profiles")[0];
        Assert.Equal("candidate", candidate.GetProperty("name").GetString());
        Assert.Equal(1_900, candidate.GetProperty("endValue").GetDouble());
        Assert.Equal("[[0,1],[0],[0,1]]", candidate.GetProperty("samples").GetRawText());
        Assert.Equal("[1000,400,500]", candidate.GetProperty("weights").GetRawText());
        Assert.Equal("[[0,1]]", file.GetProperty("profiles")[1].GetProperty("samples").GetRawText());
    }
}
