using System.Text.Json;
using System.Xml.Linq;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Conventions.Documents;

/// <summary>Tests that the code blocks of the documents compile, parse, or are copies of source code.</summary>
public sealed class CodeBlocks
{
    private static readonly string[] Diagrams = ["sequenceDiagram", "stateDiagram-v2", "flowchart"];

    // The languages of code blocks that have tests, either in this class or in CommandBlocks, Programs or WorkedExample.
    private static readonly string[] Languages = ["bash", "csharp", "json", "mermaid", "protobuf", "python", "text", "xml"];

    [Fact]
    public void Every_block_says_its_language_and_has_a_test()
    {
        var others = Document.All.SelectMany(document => document.Blocks)
            .Where(block => !Languages.Contains(block.Language)).Select(block => $"{block}: '{block.Language}'");
        Problems.AreNone(others);
    }

    [Fact]
    public void Every_c_sharp_block_compiles_without_a_warning_or_is_a_piece_of_the_sources()
    {
        var sources = RepositoryFiles.All.Where(path => path.EndsWith(".cs", StringComparison.Ordinal))
            .Select(path => Trimmed(RepositoryFiles.Read(path))).ToList();
        var blocks = Block.In("csharp")
            .Where(block => !sources.Exists(source => source.Contains(Trimmed(block.Code), StringComparison.Ordinal))).ToList();
        Assert.NotEmpty(blocks);
        Problems.AreNone(blocks.AsParallel().SelectMany(block => Compiler.Faults(Compiler.Compile(block))));
    }

    [PythonFact]
    public async Task Every_python_block_is_a_program_without_a_fault()
    {
        const string Program =
            """
            import sys
            for name, code in zip(sys.argv[1::2], sys.argv[2::2]):
                exec(compile(code, name, "exec"), {"__name__": "example"})
            """;
        var blocks = Block.In("python").SelectMany(block => new[] { $"{block}", block.Code });
        var result = await Tools.RunAsync(await Tools.PythonAsync(), ["-W", "error", "-c", Program, .. blocks], Repository.Root);
        Assert.True(result.ExitCode == 0, result.Output);
    }

    [Fact]
    public void Every_json_block_parses_as_a_value_or_as_members_of_an_object() => Assert.All(
        Block.In("json"), block => JsonDocument.Parse(block.Code.StartsWith('"') ? $"{{{block.Code}}}" : block.Code));

    [Fact]
    public void Every_xml_block_parses() => Assert.All(Block.In("xml"), block => XElement.Parse(block.Code));

    [Fact]
    public void Every_protobuf_block_is_a_piece_of_the_protocol()
    {
        var protocol = string.Join('\n', RepositoryFiles.All.Where(path => path.EndsWith(".proto", StringComparison.Ordinal))
            .Select(RepositoryFiles.Read));
        Assert.All(Block.In("protobuf"), block => Assert.Contains(block.Code, protocol, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_mermaid_block_is_a_diagram() =>
        Assert.All(Block.In("mermaid"), block => Assert.Contains(block.Code.Split('\n')[0], Diagrams));

    [Fact]
    public void The_diagram_of_a_workers_states_has_those_that_there_are()
    {
        var diagram = Block.In("mermaid").Single(block => block.Code.StartsWith("stateDiagram-v2", StringComparison.Ordinal));
        var states = diagram.Code.Split('\n').SelectMany(line => line.Split(':')[0].Split("-->", StringSplitOptions.TrimEntries))
            .Where(word => word.Length > 0 && char.IsUpper(word[0])).Distinct();
        Assert.Equal(Enum.GetNames<WorkerState>().Order(StringComparer.Ordinal), states.Order(StringComparer.Ordinal));
    }

    /// <summary>Returns code without its indentation, so that blocks with different indentation can be compared.</summary>
    private static string Trimmed(string code) => string.Join('\n', code.Split('\n').Select(line => line.Trim()));
}
