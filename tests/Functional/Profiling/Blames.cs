using Snakepit.Benchmarks.Machines;
using Snakepit.Benchmarks.Profiling;
using Snakepit.Benchmarks.Repository;
using Snakepit.Measurement.Profiles;

namespace Snakepit.Tests.Functional.Profiling;

/// <summary>Tests how functions are found in the sources, and the commits that have changed them.</summary>
public sealed class Blames
{
    private const string Output =
        "d38f99267cc17e2344cb8e292cb8d8dc00fda94f 18 20 1\nauthor A\ncommitter-time 100\nsummary Old\nboundary\nfilename a.cs\n"
        + "\told line\n"
        + "65d1a1b7c0dd3851a4234100bba17c5ea274e394 19 21 1\nauthor B\ncommitter-time 200\nsummary Newer\nfilename a.cs\n\tnewer line\n"
        + "0000000000000000000000000000000000000000 20 22 1\nauthor C\ncommitter-time 400\nsummary Version of a.cs\n"
        + "filename a.cs\n\tnewest\n"
        + "65d1a1b7c0dd3851a4234100bba17c5ea274e394 21 23\n\tagain\n"
        + "17cf6a0b80080990b867da85b927b5cd7af35905 22 24 1\nauthor D\ncommitter-time 300\nsummary Says \"new\"\n"
        + "filename a.cs\n\tboundary\n";

    private static readonly SourcePlaces Places = new(Workspace.Current.Root, Workspace.Current.Git);

    [Fact]
    public void Changes_since_the_pin_are_told_newest_first_and_each_once() => Assert.Equal(
        ["lines that are not committed", "17cf6a0 \"Says \"new\"\"", "65d1a1b \"Newer\""], Blame.Parse(Output));

    [Fact]
    public async Task Functions_are_found_in_the_sources_of_both_languages()
    {
        var python = await ThisMachine.PythonAsync();
        Frame[] functions =
        [
            new("PoolState.Request", "Snakepit", IsOwn: true),
            new("decode", "snakepit_worker/payloads/codec.py", IsOwn: true),
            new("_Refused.<locals>.nothing", "snakepit_worker/payloads/codec.py", IsOwn: true),
            new("PoolState.Nothing", "Snakepit", IsOwn: true),
            new("loads", "nowhere/json.py", IsOwn: false),
        ];
        var head = await Workspace.Current.Git.HeadAsync();
        var found = await Places.FindAsync(functions, CandidateBuild.Directory, head!, python);
        Assert.Equal(2, found.Count);
        Holds(found[functions[0]], "src/Snakepit/Scheduling/PoolState.cs", "PoolDecision Request(");
        Holds(found[functions[1]], "priv/python/snakepit_worker/payloads/codec.py", "def decode(");
    }

    /// <summary>Checks that a place begins with a declaration, or within a few lines after it, as the first statement does.</summary>
    private static void Holds(SourcePlace place, string file, string declaration)
    {
        Assert.Equal(file, place.File);
        var lines = File.ReadAllLines(Path.Combine(Workspace.Current.Root, file));
        Assert.InRange(place.FirstLine, 1, place.LastLine);
        Assert.Contains(lines[(place.FirstLine - 4)..place.FirstLine], line => line.Contains(declaration, StringComparison.Ordinal));
    }
}
