using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Measurement.Samples;

namespace Snakepit.Tests.Functional.Conventions.Documents;

/// <summary>Compiles the C# of documents as a new user's project would, without the time that a build takes.</summary>
internal static class Compiler
{
    private const string Usings =
        """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    // What `dotnet new web` adds.
    private const string WebUsings =
        """
        global using Microsoft.AspNetCore.Builder;
        global using Microsoft.AspNetCore.Http;
        global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Extensions.Hosting;
        global using Microsoft.Extensions.Logging;
        """;

    // What stands around a block that is part of a program.
    private const string Surroundings =
        """
        global using Snakepit;
        global using static Surroundings;
        internal static class Surroundings
        {
            public static readonly SnakepitPool pool = null!;
            public static readonly CancellationToken cancellationToken = CancellationToken.None;
        }
        """;

    // Documents for people who change Snakepit may use internal types.
    private static readonly string[] ForContributors = ["docs/adding-a-scenario.md", "docs/architecture.md"];

    // Such a document may declare a type that the sources have already.
    private static readonly string[] Allowed = ["CS0436"];

    private static readonly ImmutableArray<MetadataReference> Platform = [.. ReferencesIn(FrameworkDirectory("Microsoft.NETCore.App"))];
    private static readonly ImmutableArray<MetadataReference> Web = [.. ReferencesIn(FrameworkDirectory("Microsoft.AspNetCore.App"))];

    private static readonly ImmutableArray<MetadataReference> Pool =
        [Reference(typeof(SnakepitPool)), Reference(typeof(Google.Protobuf.ByteString)), Reference(typeof(Grpc.Net.Client.GrpcChannel))];

    private static readonly ImmutableArray<MetadataReference> Everything =
        [.. Pool, Reference(typeof(Metric)), Reference(typeof(ThroughputScenario))];

    /// <summary>Compiles a block; its problems are among the diagnostics.</summary>
    public static CSharpCompilation Compile(Block block)
    {
        var isForContributors = ForContributors.Contains(block.Document.Path);
        var tree = Parse(block.Code, $"{block}");
        var isProgram = tree.GetCompilationUnitRoot().Members.OfType<GlobalStatementSyntax>().Any();
        SyntaxTree[] trees =
        [
            tree,
            Parse(Usings, "usings"),
            .. IsWeb(block) ? [Parse(WebUsings, "web usings")] : (SyntaxTree[])[],
            .. block.IsWhole ? [] : (SyntaxTree[])[Parse(Surroundings, "surroundings")],
        ];
        var options = new CSharpCompilationOptions(
            isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
            nullableContextOptions: NullableContextOptions.Enable);
        return CSharpCompilation.Create(
            isForContributors ? typeof(Compiler).Assembly.GetName().Name : "Example",
            trees,
            [.. Platform, .. Web, .. isForContributors ? Everything : Pool],
            options.WithSpecificDiagnosticOptions(Allowed.Select(id => KeyValuePair.Create(id, ReportDiagnostic.Suppress))));
    }

    /// <summary>What is wrong with a compilation, warnings too.</summary>
    public static IEnumerable<string> Faults(CSharpCompilation compilation) => compilation.GetDiagnostics()
        .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)
        .Select(diagnostic => diagnostic.ToString());

    private static bool IsWeb(Block block) => block.Code.Contains("WebApplication", StringComparison.Ordinal);

    private static SyntaxTree Parse(string code, string path) =>
        CSharpSyntaxTree.ParseText(code, new CSharpParseOptions(LanguageVersion.Latest), path);

    private static CompilationUnitSyntax GetCompilationUnitRoot(this SyntaxTree tree) => (CompilationUnitSyntax)tree.GetRoot();

    private static PortableExecutableReference Reference(Type type) => MetadataReference.CreateFromFile(type.Assembly.Location);

    /// <summary>The directory of a shared framework, in the version that this process runs on or the nearest one.</summary>
    private static string FrameworkDirectory(string name)
    {
        var runtime = new DirectoryInfo(Path.GetDirectoryName(typeof(object).Assembly.Location)!);
        var framework = Path.Combine(runtime.Parent!.Parent!.FullName, name);
        return Path.Combine(framework, runtime.Name) is var same && Directory.Exists(same)
            ? same
            : Directory.GetDirectories(framework).Order(StringComparer.Ordinal).Last();
    }

    private static IEnumerable<MetadataReference> ReferencesIn(string directory) => Directory.GetFiles(directory, "*.dll")
        .Where(path => !Path.GetFileName(path).Contains(".Native.", StringComparison.Ordinal) && IsManaged(path))
        .Select(path => MetadataReference.CreateFromFile(path));

    private static bool IsManaged(string path)
    {
        using var reader = new System.Reflection.PortableExecutable.PEReader(File.OpenRead(path));
        return reader.HasMetadata;
    }
}
