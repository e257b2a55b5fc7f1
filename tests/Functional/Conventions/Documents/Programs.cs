using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Conventions.Documents;

/// <summary>
/// Tests that the programs in documents print what the documents say. The programs of the README are tested by
/// <see cref="ReadmeExample"/>.
/// </summary>
public sealed class Programs : IDisposable
{
    private const string RuntimeConfig =
        """
        { "runtimeOptions": { "tfm": "net10.0", "framework": { "name": "Microsoft.NETCore.App", "version": "10.0.0" } } }
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("snakepit-docs-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>The places (document and line) of the text blocks that show what a program prints.</summary>
    public static TheoryData<string> Outputs => [.. Block.In("text")
        .Where(block => block.Before is not (WorkedExample.Marker or ExplanationExample.Marker)).Select(block => $"{block}")];

    [PythonTheory]
    [MemberData(nameof(Outputs))]
    public async Task A_program_prints_what_the_block_of_text_after_it_says(string place)
    {
        var shown = Block.In("text").Single(block => $"{block}" == place);
        var program = shown.Previous;
        Assert.True(program?.IsWhole == true, $"{shown} shows what no whole program before it has printed");
        var modules = program!.Document.Blocks.Where(block => block.FileName is not null);
        if (modules.Any(module => module.Code.Contains("import numpy", StringComparison.Ordinal)))
        {
            Skip.If(PythonPresence.NumpyIsMissing is not null, PythonPresence.NumpyIsMissing);
        }

        Assert.Equal(shown.Code, await RunAsync(program));
    }

    private async Task<string> RunAsync(Block program)
    {
        foreach (var module in program.Document.Blocks.Where(block => block.FileName is not null))
        {
            await File.WriteAllTextAsync(Path.Combine(_directory, module.FileName!), module.Code);
        }

        foreach (var library in Directory.GetFiles(AppContext.BaseDirectory, "*.dll").Where(IsOfThePool))
        {
            File.CreateSymbolicLink(Path.Combine(_directory, Path.GetFileName(library)), library);
        }

        Directory.CreateSymbolicLink(Path.Combine(_directory, "python"), Path.Combine(AppContext.BaseDirectory, "python"));
        await File.WriteAllTextAsync(Path.Combine(_directory, "Example.runtimeconfig.json"), RuntimeConfig);
        var path = Path.Combine(_directory, "Example.dll");
        var compilation = Compiler.Compile(program);
        await using (var file = File.Create(path))
        {
            var emitted = compilation.Emit(file);
            Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics));
        }

        var (exitCode, output) = await Tools.RunAsync(Tools.Dotnet, ["exec", path], _directory);
        Assert.True(exitCode == 0, $"{program}: {output}");
        return output;
    }

    private static bool IsOfThePool(string path) => Path.GetFileName(path) is var name
        && (name is "Snakepit.dll" or "Snakepit.AI.dll" or "Google.Protobuf.dll" or "System.Numerics.Tensors.dll"
            || name.StartsWith("Grpc.", StringComparison.Ordinal)
            || name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal));
}
